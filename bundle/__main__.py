"""``python -m bundle [--platform windows linux] [--python 3.11 3.12 3.13] [--out dist]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bundle import layout, wheels


def main() -> int:
    """Write the bundles; 1 where a package is missing in one."""
    options = argparse.ArgumentParser(prog="bundle")
    options.add_argument("--platform", nargs="+", choices=wheels.PLATFORMS, default=list(wheels.PLATFORMS))
    options.add_argument("--python", nargs="+", default=list(wheels.PYTHONS))
    options.add_argument("--out", type=Path, default=Path("dist"))
    told = options.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    for platform in told.platform:
        with tempfile.TemporaryDirectory(prefix="kpi-bundle-") as work:
            found = Path(work) / "wheels"
            wheels.collect(found, platform, told.python)
            missing = [text for python in told.python for text in wheels.missing(found, platform, python)]
            if missing:
                print(*missing, sep="\n", file=sys.stderr)
                return 1
            file = layout.write(told.out, layout.VERSION, platform, told.python, found)
            print(f"{file}  {file.stat().st_size / 2**20:.0f} MB")
    return 0


sys.exit(main())
