"""The examples of the READMEs, run: each ``$ kpi …`` with what it prints, each Python line with its comment.

``python -m tests.readme --write`` puts in what is printed now; a block that shows only part of it (a line ``…``) is
checked but left to its author.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILES = ("README.md", "README.zh-CN.md")
_BLOCK = re.compile(r"(?P<open>^```(?P<language>\w*)\n)(?P<body>.*?)(?P<close>^```$)", re.MULTILINE | re.DOTALL)
_ELLIPSIS = "…"


@contextmanager
def desk(text: str) -> Iterator[None]:
    """A folder to work in, as the reader has it: the corpus, and the table that the text shows as 例表.txt."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "corpus").symlink_to(ROOT / "corpus")
        if table := next((b["body"] for b in _BLOCK.finditer(text) if b["body"].count("\t") > 2), None):
            (Path(folder) / "例表.txt").write_text(table, encoding="utf-8")
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def run(command: str) -> list[str]:
    """What ``kpi …`` prints to a pipe, without trailing blanks and empty edges."""
    words = [sys.executable, "-m", "kpi.cli", *shlex.split(command)[1:]]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", env=environment)
    return [line.rstrip() for line in (done.stdout + done.stderr).strip("\n").splitlines()]


def examples(body: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a block, each with the lines shown under it."""
    command: str | None = None
    shown: list[str] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, shown
            command, shown = line[2:], []
        elif command is not None:
            shown.append(line.rstrip())
    if command is not None:
        yield command, shown


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Whether the lines shown are those printed; a line ``…`` stands for any number of them."""
    pattern = "".join(
        r"(?:.*\n)*" if line.strip() == _ELLIPSIS else re.escape(line) + r"\n" for line in shown if line.strip()
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed if line.strip())) is not None


def stale(text: str) -> list[str]:
    """The commands whose shown output is not what they print, and the Python lines whose comment is not the answer."""
    found = []
    with desk(text):
        for block in _BLOCK.finditer(text):
            if block["language"] == "python":
                found += wrong_comments(block["body"])
            found += [
                command
                for command, shown in examples(block["body"])
                if command.startswith("kpi ") and not agrees(shown, run(command))
            ]
    return found


def wrong_comments(source: str) -> list[str]:
    """The expression lines of ``source`` whose value is not the one in their comment."""
    names: dict[str, Any] = {}
    wrong = []
    for line in source.splitlines():
        code, _, comment = line.partition("  # ")
        if not code.strip():
            continue
        is_expression = isinstance(ast.parse(code).body[0], ast.Expr)
        if is_expression and comment:
            if repr(eval(code, names)) != comment.strip():
                wrong.append(line)
        else:
            exec(code, names)
    return wrong


def rewritten(text: str) -> str:
    """``text`` with every whole output replaced by what its command prints now."""

    def renew(block: re.Match[str]) -> str:
        parts = list(examples(block["body"]))
        if (
            not all(command.startswith("kpi ") for command, _ in parts)
            or not parts
            or any(_ELLIPSIS in line for _, shown in parts for line in shown)
            or block["language"]
        ):
            return block[0]
        body = "\n\n".join("\n".join([f"$ {command}", *run(command)]) for command, _ in parts)
        return f"{block['open']}{body}\n{block['close']}"

    with desk(text):
        return _BLOCK.sub(renew, text)


if __name__ == "__main__":
    for name in FILES:
        path = ROOT / name
        if "--write" in sys.argv:
            path.write_text(rewritten(path.read_text("utf-8")), encoding="utf-8")
        for command in stale(path.read_text("utf-8")):
            print(f"{name}: {command}")
