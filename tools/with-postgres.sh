#!/usr/bin/env bash
# with-postgres.sh COMMAND...: runs the command with OBLIK_DATABASE_URL naming a PostgreSQL server of its own.
# The server lives in a new folder, listens on a free port of 127.0.0.1 and belongs to an ordinary user; it and the
# folder are gone afterwards. A run that crashed leaves at most a folder behind, which the next run does not look at.
set -euo pipefail

newest_server() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }
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

# Unix socket paths are limited to about 100 characters, so the folder is kept short.
home="$(mktemp -d /tmp/oblik-pg.XXXXXX)"
as_owner() { "$@"; }
if [ "$(id -u)" -eq 0 ]; then
    # PostgreSQL refuses to run as root.
    owner=postgres
    id -u "$owner" >/dev/null 2>&1 || owner=nobody
    chown "$owner" "$home"
    as_owner() { (cd "$home" && runuser -u "$owner" -- "$@"); }
fi

stop() {
    status=$?
    trap - EXIT INT TERM
    as_owner "$server/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$home"
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
    if as_owner "$server/pg_ctl" -D "$home/data" -l "$home/server.log" -w -s -o "-p $port -k $home \
        -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c shared_buffers=256MB -c max_connections=60" start; then
        break
    fi
    [ "$attempt" -lt 3 ] || { cat "$home/server.log" >&2; exit 1; }
done

as_owner "$server/createdb" -h "$home" -p "$port" -U oblik oblik
export OBLIK_DATABASE_URL="postgres://oblik@127.0.0.1:$port/oblik"
echo "PostgreSQL $("$server/postgres" --version | awk '{print $3}') on 127.0.0.1:$port"
"$@"
