#!/usr/bin/env bash
# Resolves pyproject.toml into requirements/*.txt. The hashes are those of the public index's files whatever this
# machine is set up with, and no address of an index gets into a file.
set -euo pipefail
cd "$(dirname "$0")/.."
export PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock"
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_CONSTRAINT

compile() {
    .venv/bin/pip-compile --quiet --no-config --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options "$@"
}
compile -o requirements/build.txt requirements/build.in
compile -c requirements/build.txt -o requirements/base.txt pyproject.toml
compile -c requirements/base.txt -o requirements/dev.txt --extra dev pyproject.toml
