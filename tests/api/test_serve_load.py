"""`kpi serve --load`: files taken in at the start as an upload would be, once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api import command
from api.store import batches
from api.store.batches import Progress
from api.store.store import Store, sqlite_url
from kpi import settings
from tests.api.samples import TABLE
from tests.browser.running import Server
from tests.office import zipped
from tests.test_cli import BAD_USAGE, kpi

SECONDS = 60.0


def listed(data: Path) -> list[Progress]:
    store = Store(sqlite_url(data / "kpi.db"))
    try:
        return batches.listed(store, 10)
    finally:
        store.close()


def test_a_folder_is_loaded_once_and_read(tmp_path: Path) -> None:
    folder, data = tmp_path / "documents", tmp_path / "data"
    for path in (folder / "下级", data):
        path.mkdir(parents=True)
    (folder / "一.txt").write_text(TABLE, "utf-8")
    (folder / "下级" / "二.zip").write_bytes(zipped({"里/三.txt": TABLE.encode()}))
    (folder / ".hidden").write_bytes(b"x")
    server = Server(data, "--load", folder, "--title", "演示")
    for _ in range(2):
        server.start()
        late = time.monotonic() + SECONDS
        while [one.state for one in listed(data)] != ["done"]:
            assert time.monotonic() < late
            time.sleep(0.1)
        server.stop()
    (batch,) = listed(data)
    assert (batch.title, batch.done, batch.total, batch.problems) == ("演示", 2, 2, ())
    store = Store(sqlite_url(data / "kpi.db"))
    assert [kept and kept.label for n in range(2) if (kept := batches.document(store, batch.id, n))] == [
        "一.txt",
        "二.zip!三.txt",
    ]
    store.close()


def test_other_files_and_other_titles_are_other_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    file = tmp_path / "一.txt"
    file.write_text(TABLE, "utf-8")
    assert command.load([file], "甲") == command.load([file], "甲") == command.load([file], "乙") == 1
    file.write_text(TABLE + "\n", "utf-8")
    command.load([file], "甲")
    assert sorted(one.title for one in listed(tmp_path / "data")) == ["乙", "甲", "甲"]


_LOAD = """
import resource, sys
from pathlib import Path
from api import command
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
print(command.load([Path(sys.argv[1])], "甲"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_folder_may_have_more_files_than_may_be_open(tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    for number in range(100):
        (tmp_path / "many" / f"{number}.txt").write_text(f"{number}", "utf-8")
    told = {**os.environ, "KPI_DATA": str(tmp_path / "data")}
    loaded = subprocess.run(
        [sys.executable, "-c", _LOAD, tmp_path / "many"], env=told, capture_output=True, text=True, check=False
    )
    assert (loaded.stdout, loaded.stderr) == ("100\n", "")


def test_what_cannot_be_loaded_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    (tmp_path / "empty").mkdir()
    refused = kpi("serve", "--data", tmp_path / "data", "--load", tmp_path / "empty")
    assert refused.code == BAD_USAGE
    assert "没有可以载入的文件" in refused.err
    assert kpi("serve", "--load", tmp_path / "none").code == BAD_USAGE
    for name in ("一.txt", "二.txt"):
        (tmp_path / name).write_text(TABLE, "utf-8")
    monkeypatch.setattr(settings, "MAX_BATCH_FILES", 1)
    with pytest.raises(ValueError, match="一批最多 1 个文档"):
        command.load([tmp_path / "一.txt", tmp_path / "二.txt"], "甲")
