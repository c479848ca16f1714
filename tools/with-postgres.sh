#!/usr/bin/env bash
# with-postgres.sh COMMAND...: runs the command with OBLIK_DATABASE_URL naming a PostgreSQL server of its own.
# The server lives in a new folder, listens on a free port of 127.0.0.1 and belongs to an ordinary user; it and the
# folder are gone afterwards. What a killed run left behind is cleared by the next one.
set -euo pipefail

newest_server() { { ls -d /usr/lib/postgresql/*/bin 2>/dev/null || true; } | sort -V | tail -1; }
server="$(newest_server)"
if [ -z "$server" ]; then
    # Debian would start a cluster of its own on the usual port; this keeps the machine as it was.
    if [ "$(id -u)" -eq 0 ] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    fi
    "$(dirname "$0")/need-package.sh" postgresql "Tests on PostgreSQL need its server"
    server="$(newest_server)"
fi

as_owner() { (cd / && "$@"); }
if [ "$(id -u)" -eq 0 ]; then
    # PostgreSQL refuses to run as root.
    owner=postgres
    id -u "$owner" >/dev/null 2>&1 || owner=nobody
    as_owner() { (cd / && runuser -u "$owner" -- "$@"); }
fi

discard() {
    as_owner "$server/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$1"
}
for left in /tmp/oblik-pg.*; do
    # Only what belongs to this user, and whose run is over; a run that is just starting has no number yet.
    if [ -O "$left" ] && [ -s "$left/run.pid" ] && ! kill -0 "$(cat "$left/run.pid")" 2>/dev/null; then
        discard "$left"
    fi
done

# Paths of Unix sockets are limited to about 100 characters, so the folder is not in a long TMPDIR.
home="$(mktemp -d /tmp/oblik-pg.XXXXXX)"
echo $$ >"$home/run.pid"
if [ -n "${owner:-}" ]; then
    chmod 755 "$home"
    mkdir "$home/data" "$home/socket"
    chown "$owner" "$home/data" "$home/socket"
else
    mkdir "$home/data" "$home/socket"
fi

command_pid=""
stop() {
    status=$?
    trap - EXIT INT TERM
    [ -z "$command_pid" ] || kill "$command_pid" 2>/dev/null || true
    discard "$home"
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() {
    "${PYTHON:-.venv/bin/python}" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
as_owner "$server/initdb" -D "$home/data" -U oblik --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >"$home/initdb.log" 2>&1 ||
    { cat "$home/initdb.log" >&2; exit 1; }

# Another program may take the port between our looking and the server's start.
for attempt in 1 2 3; do
    port="$(free_port)"
    if as_owner "$server/pg_ctl" -D "$home/data" -l "$home/data/server.log" -w -s -o "-p $port -k $home/socket \
        -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c shared_buffers=256MB -c max_connections=60" start; then
        break
    fi
    [ "$attempt" -lt 3 ] || { cat "$home/data/server.log" >&2; exit 1; }
done

as_owner "$server/createdb" -h "$home/socket" -p "$port" -U oblik oblik
export OBLIK_DATABASE_URL="postgres://oblik@127.0.0.1:$port/oblik"
echo "PostgreSQL $("$server/postgres" --version | awk '{print $3}') on 127.0.0.1:$port"
# In the background, because a signal that arrives while bash waits for a command is only heard after its end.
"$@" <&0 &
command_pid=$!
wait "$command_pid"
