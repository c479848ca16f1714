#!/usr/bin/env bash
# Story tests drive Debian's Chromium; makes sure that it is there.
set -euo pipefail
command -v chromium >/dev/null && exit 0
"$(dirname "$0")/need-package.sh" chromium "Story tests need a browser"
