"""`kpi store`: a backup while the service writes, export and import between two folders."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from api import command
from api.store import decisions
from api.store.store import Store, sqlite_url
from tests.test_cli import BAD_USAGE, DONE, kpi


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a decision in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    store = Store(sqlite_url(folder / "kpi.db"))
    decisions.add(store, [("f1", "VAG001")], "dismiss", "理由", "张三")
    store.close()
    return folder


def test_a_backup_is_whole_while_others_write(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_DATA", str(data))
    store, over = Store(sqlite_url(data / "kpi.db")), threading.Event()

    def write() -> None:
        while not over.is_set():
            decisions.add(store, [("f2", "VAG002"), ("f3", "VAG003")], "note", "字" * 1000, "李四")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            command.backup(tmp_path / f"{n}.db")
    finally:
        over.set()
        writer.join()
        store.close()
    for n in range(5):
        copy = Store(sqlite_url(tmp_path / f"{n}.db"))
        stands = decisions.standing(copy, ["f1", "f2", "f3"])
        assert stands["f1"].reason == "理由"
        halves = [len(stands[key].notes) if key in stands else 0 for key in ("f2", "f3")]
        assert halves[0] == halves[1]
        copy.close()


def test_a_backup_is_one_file_and_overwrites_nothing(data: Path, tmp_path: Path) -> None:
    done = kpi("store", "backup", tmp_path / "a" / "kpi.db", "--data", data)
    assert done.code == BAD_USAGE  # there is no such folder
    (tmp_path / "a").mkdir()
    done = kpi("store", "backup", tmp_path / "a" / "kpi.db", "--data", data)
    assert done.code == DONE, done.err
    assert [file.name for file in (tmp_path / "a").iterdir()] == ["kpi.db"]
    again = kpi("store", "backup", tmp_path / "a" / "kpi.db", "--data", data)
    assert again.code == BAD_USAGE
    assert "已存在" in again.err
    assert kpi("store", "export", tmp_path / "out.jsonl", "--data", tmp_path / "a").out.startswith("已导出 1 条")


def test_export_and_import(data: Path, tmp_path: Path) -> None:
    file, there = tmp_path / "意见.jsonl", tmp_path / "there"
    assert kpi("store", "export", file, "--data", data).code == DONE
    assert "意见 1 条" in kpi("store", "import", file, "--data", there).out
    assert "意见 0 条" in kpi("store", "import", file, "--data", there).out
    file.write_text("{}\n", "utf-8")
    refused = kpi("store", "import", file, "--data", there)
    assert refused.code == BAD_USAGE
    assert "第 1 行" in refused.err
    file.write_bytes(b"\xff\xfe")
    assert kpi("store", "import", file, "--data", there).code == BAD_USAGE


def test_a_folder_without_a_database_stays_without(tmp_path: Path) -> None:
    for name in ("backup", "export"):
        refused = kpi("store", name, tmp_path / "out", "--data", tmp_path / "none")
        assert refused.code == BAD_USAGE
        assert "没有找到数据库" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_postgresql_has_its_own_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_DATABASE", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(ValueError, match="pg_dump"):
        command.backup(tmp_path / "x")
