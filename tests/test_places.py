"""Remote stores through fsspec: read from, written to, gone on with; local addresses stay what they are."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from typer.testing import CliRunner

from kpi import batch, places, settings
from kpi.cli.app import app
from kpi.inputs import count, expand
from kpi.scorecard import shards
from kpi.scorecard.results import Stored
from tests.office import zipped
from tests.rendering import RENDERED
from tests.test_cli import BAD_USAGE, DONE, UNREAD, kpi
from tests.test_score_cli import files

NAMES = {"甲/一.txt": "nandagang-2020.tab_rows.txt", "甲/二.xlsx": "nandagang-2020.excel.xlsx",
         "三.md": "xiguan-2020.pipe_rows.md"}  # fmt: skip


@pytest.fixture
def store() -> Iterator[Any]:
    """A store in memory with three documents, a zip of one, and a hidden file."""
    found = fsspec.filesystem("memory")
    for name, source in NAMES.items():
        found.pipe_file(f"/上报/{name}", (RENDERED / source).read_bytes())
    text = (RENDERED / "b-central.tab_rows.txt").read_text(encoding="utf-8")
    found.pipe_file("/上报/包.zip", zipped({"四.txt": text}))
    found.pipe_file("/上报/.藏/五.txt", b"")
    yield found
    found.rm("/", recursive=True)


def test_the_files_of_a_store_come_in_the_order_of_their_names(store: Any) -> None:
    found = list(expand(["memory://上报"]))
    assert [one.label.removeprefix("memory://").lstrip("/") for one in found] == [
        "上报/三.md", "上报/包.zip!四.txt", "上报/甲/一.txt", "上报/甲/二.xlsx",
    ]  # fmt: skip
    assert [one.name for one in found] == ["三.md", "四.txt", "一.txt", "二.xlsx"]
    assert found[2].source == (RENDERED / NAMES["甲/一.txt"]).read_bytes()
    assert count(["memory://上报"]) == 4
    (alone,) = expand(["memory://上报/三.md"])
    assert alone.source == found[0].source


def test_a_remote_file_that_is_too_large_is_not_fetched(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_DOCUMENT_BYTES", 10)
    monkeypatch.setattr(places, "remote_bytes", lambda *_: pytest.fail("fetched"))
    monkeypatch.setattr(settings, "MAX_ZIP_BYTES", 10)
    assert {one.source.code for one in expand(["memory://上报"])} == {"too_large"}  # type: ignore[union-attr]


def test_a_store_is_scored_into_a_store(store: Any) -> None:
    run = CliRunner()
    command = [
        "score",
        "memory://上报",
        "--out",
        "memory://结果/一",
        "--format",
        "xlsx,html,csv,jsonl,docx",
        "--workers",
        "1",
    ]
    done = run.invoke(app, command)
    assert done.exit_code == DONE, done.output
    out = places.place("memory://结果/一")
    entries = shards.entries(out)
    assert Stored(out, entries).total.documents == 4
    names = out.names()
    assert {"scorecard.xlsx", "scorecard.html", "projects.csv", "documents.jsonl", "shards/run.json"} <= set(names)
    assert any(name.startswith("opinions/") for name in names)
    assert out.read("scorecard.xlsx").startswith(b"PK")
    before = {name: out.read(name) for name in names}
    out.remove(next(name for name in names if name.startswith("shards/findings/")))
    assert run.invoke(app, [*command, "--resume"]).exit_code == DONE
    assert {name: out.read(name) for name in out.names()} == before


def test_the_output_may_lie_in_what_is_read_in_a_store_too(store: Any) -> None:
    out = places.place("memory://上报/评分")
    for _ in range(2):
        entries = batch.run(["memory://上报"], out, batch.Settings())
        assert sum(entry.documents for entry in entries) == 4


def test_a_store_gives_what_a_folder_gives(store: Any, tmp_path: Path) -> None:
    store.get("/上报", str(tmp_path / "上报"), recursive=True)
    remote, local = places.place("memory://结果/二"), places.place(tmp_path / "out")
    local.make()
    found = Stored(remote, batch.run(["memory://上报"], remote, batch.Settings()))
    here = Stored(local, batch.run([tmp_path / "上报"], local, batch.Settings()))
    assert found.total == here.total


def test_an_address_of_this_machine_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "入 一.txt").write_bytes((RENDERED / "nandagang-2020.tab_rows.txt").read_bytes())
    given, out = (tmp_path / "入 一.txt").as_uri(), (tmp_path / "出").as_uri()
    assert kpi("score", given, "--out", out, "--format", "csv").code == DONE
    assert "projects.csv" in files(tmp_path / "出")


@pytest.mark.parametrize("url", ["nowhere://a/b", "memory://nothing"])
def test_an_address_that_cannot_be_read(url: str, tmp_path: Path) -> None:
    done = kpi("score", url, "--out", tmp_path / "out", "--format", "csv")
    assert done.code in (BAD_USAGE, UNREAD)
    assert url in done.err + done.out


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_folder_that_knows_no_locks_is_written_to(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, "no locks")

    monkeypatch.setattr("fcntl.flock", refuse)
    with places.place(tmp_path).alone():
        places.place(tmp_path).write("a", b"1")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_lock_ends_with_the_run_that_holds_it(tmp_path: Path) -> None:
    hold = (
        "import os, sys; from kpi.places import place; place(sys.argv[1]).alone().__enter__(); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", hold, str(tmp_path)], check=False)
    assert done.returncode == -9
    with places.place(tmp_path).alone(), pytest.raises(places.InUseError), places.place(tmp_path).alone():
        pass
    assert not list(tmp_path.iterdir())
