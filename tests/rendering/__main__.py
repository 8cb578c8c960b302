"""`python -m tests.rendering [--check | --write]`: are the rendered documents current, or make them so."""

from __future__ import annotations

import argparse

from .files import RENDERED, differences, write


def main() -> int:
    """Runs the command; 1 when `--check` finds a file that is not current."""
    parser = argparse.ArgumentParser(prog="python -m tests.rendering", description=__doc__)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="say which files are not current (the default)")
    choice.add_argument("--write", action="store_true", help="write the files again")
    if parser.parse_args().write:
        print(f"{write()} files written to {RENDERED}")
        return 0
    found = differences()
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
