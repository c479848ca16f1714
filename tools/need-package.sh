#!/usr/bin/env bash
# need-package.sh PACKAGE WHY: installs one Debian package, or says who has to.
set -euo pipefail
package="$1" why="$2"
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "$why: the package $package is missing." >&2
    echo "Install it as an administrator and repeat the command: apt-get install $package" >&2
    exit 1
fi
echo "$why: installing Debian's package $package ..."
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -qq --no-install-recommends "$package" </dev/null >/dev/null; }
# A fresh machine knows no packages yet, and an old list names versions that are gone.
install 2>/dev/null || { apt-get update -qq </dev/null >/dev/null && install; }
