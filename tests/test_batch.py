"""A batch under faults: what hangs, crashes or eats memory is reported; what is torn or killed is made again alike."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kpi import batch, settings
from kpi.batch import making, planning, running
from kpi.inputs import Input
from kpi.places import Local, place
from kpi.scorecard import html, shards, tables, workbook
from kpi.scorecard.results import Stored, troubles
from tests.benchmarks import documents
from tests.material import ROOT
from tests.rendering import RENDERED
from tests.test_score_cli import files, stored

GOOD = (RENDERED / "nandagang-2020.tab_rows.txt").read_text(encoding="utf-8")
FAULTS = "tests.faults:steps"
# How often a run is killed and taken up again; `python -m tests.benchmarks.kills` does it a hundred times.
KILLS = int(os.environ.get("KPI_KILLS", "3"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Thirty different documents, two of them damaged, one a copy: seven shards."""
    folder = tmp_path / "上报"
    documents.write(folder, 30)
    return folder


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Five sound documents: two shards."""
    folder = tmp_path / "少量"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"{GOOD}\n第{number}份", encoding="utf-8")
    return folder


def run(source: Path, out: Path, **options: Any) -> Stored:
    out.mkdir(exist_ok=True)
    return Stored(place(out), batch.run([source], place(out), batch.Settings(), **options))


def problems(results: Stored) -> dict[str, str]:
    return {Path(one.document).name: one.code for one in troubles(results, unread=True)}


def rows(results: Stored, name: str) -> list[dict[str, Any]]:
    return [row for frame in results.frames(name) for row in frame.to_pylist()]


def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from here on, in this process."""
    read: list[str] = []
    made = batch.line

    def line(given: batch.Settings, document: Input) -> batch.Line:
        read.append(document.name)
        return made(given, document)

    monkeypatch.setattr(making, "line", line)
    return read


def test_results_are_the_same_however_many_workers(source: Path, tmp_path: Path) -> None:
    for workers in (0, 1, 2):
        run(source, tmp_path / str(workers), workers=workers)
    assert files(tmp_path / "0") == files(tmp_path / "1") == files(tmp_path / "2")


def test_shards_say_what_is_in_them(source: Path, tmp_path: Path) -> None:
    results = run(source, tmp_path / "out")
    whole = shards.run_of(place(tmp_path / "out"))
    assert whole is not None
    assert whole.documents == 30
    numbers = [row["document_number"] for row in rows(results, "documents")]
    assert numbers == list(range(30))
    by_number = dict(results.documents())
    for row in rows(results, "indicators"):
        project = by_number[row["document_number"]].extraction.projects[row["project_index"]]
        assert row["name"] == project.indicators[row["indicator_index"]].name
    for row in rows(results, "findings"):
        if row["indicator_index"] is None:
            assert row["indicator"] is None
    assert len(rows(results, "projects")) == results.total.projects


@pytest.mark.parametrize("workers", [0, 2])
def test_identical_files_are_done_once_and_reported_each(few: Path, tmp_path: Path, workers: int) -> None:
    for name in ("0-copy.txt", "9.txt"):  # one in the same shard, one in a later one
        (few / name).write_bytes((few / "0.txt").read_bytes())
    (few / "9.md").write_bytes((few / "0.txt").read_bytes())  # told to be another kind of text by its name
    results = run(few, tmp_path / "out", workers=workers)
    found = {Path(row["document"]).name: row for row in rows(results, "documents")}
    first = found["0-copy.txt"]["document"]
    assert {name: row["same_as"] for name, row in found.items() if row["same_as"]} == {"0.txt": first, "9.txt": first}
    assert {row["name"] for row in found.values()} == set(found)
    per_document = [row["document_number"] for row in rows(results, "indicators")]
    assert len({per_document.count(found[name]["document_number"]) for name in ("0.txt", "0-copy.txt", "9.txt")}) == 1


def test_a_copy_is_not_read(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 5):
        (few / f"{number}.txt").write_bytes((few / "0.txt").read_bytes())
    read = noted(monkeypatch)
    results = run(few, tmp_path / "out")
    assert read == ["0.txt"]
    assert results.total.documents == 5


@pytest.mark.parametrize(
    ("what", "code"), [("exit", "not_readable"), ("crash", "not_readable"), ("hang", "out_of_time"),
                       ("spin", "out_of_time"), ("memory", "not_readable"), ("unwritten", "not_readable")],
)  # fmt: skip
def test_what_a_document_does_to_its_worker_costs_only_itself(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, code: str
) -> None:
    undisturbed = rows(run(few, tmp_path / "whole"), "indicators")
    (few / "2.txt").write_text(f"mock:{what}\n{GOOD}", encoding="utf-8")
    monkeypatch.setattr(settings, "MAX_READER_BYTES", 2**31)
    monkeypatch.setattr(running, "most_seconds", lambda: 8.0)
    seen: list[str] = []
    results = run(few, tmp_path / "out", workers=2, target=FAULTS, seen=seen.append)
    assert problems(results) == {"2.txt": code}
    assert sorted(Path(label).name for label in seen) == [f"{n}.txt" for n in range(5)]
    others = [row for row in undisturbed if row["document_number"] != 2]
    assert rows(results, "indicators") == others
    (few / "2.txt").write_text(f"{GOOD}\n第2份", encoding="utf-8")
    run(few, tmp_path / "out", resume=True)
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_a_worker_that_is_killed_once_changes_nothing(few: Path, tmp_path: Path) -> None:
    (few / "2.txt").write_text(f"mock:exit-once {tmp_path}/once\n{GOOD}", encoding="utf-8")
    killed = run(few, tmp_path / "killed", workers=2, target=FAULTS)
    assert (tmp_path / "once").exists()
    assert problems(killed) == {}
    run(few, tmp_path / "again", workers=1, target=FAULTS)
    assert files(tmp_path / "killed") == files(tmp_path / "again")


def test_a_document_is_not_blamed_for_the_memory_of_those_before_it(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (few / "1.txt").write_text(f"mock:keep 0.5\n{GOOD}\n第1份", encoding="utf-8")
    (few / "2.txt").write_text(f"mock:take 0.7\n{GOOD}\n第2份", encoding="utf-8")
    undisturbed = rows(run(few, tmp_path / "whole"), "indicators")
    monkeypatch.setattr(settings, "MAX_READER_BYTES", 2**32)
    seen: list[str] = []
    short = run(few, tmp_path / "short", workers=1, target=FAULTS, seen=seen.append)
    assert problems(short) == {}
    assert sorted(Path(label).name for label in seen) == [f"{n}.txt" for n in range(5)]
    assert rows(short, "indicators") == undisturbed


def damage(path: Path, how: str) -> None:
    data = path.read_bytes()
    match how:
        case "cut":
            path.write_bytes(data[: len(data) // 2])
        case "changed":
            path.write_bytes(data[:-20] + bytes(20))
        case "empty":
            path.write_bytes(b"")
        case "gone":
            path.unlink()


@pytest.mark.parametrize("how", ["cut", "changed", "empty", "gone"])
@pytest.mark.parametrize("folder", ["documents", "findings", "parts"])
def test_a_damaged_shard_is_made_again(few: Path, tmp_path: Path, folder: str, how: str) -> None:
    out = tmp_path / "out"
    run(few, out)
    whole = files(out)
    damage(sorted((out / "shards" / folder).iterdir())[0], how)
    (out / "shards" / "parts" / ".part-00001.json.new").write_bytes(b"{")
    run(few, out, resume=True)
    assert files(out) == whole


def command(source: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "kpi.cli", "score", str(source), "--out", str(out), "--workers", "2", *options]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "200", "NO_COLOR": "1"}


def test_a_run_that_is_killed_goes_on_as_if_nothing_had_been(source: Path, tmp_path: Path) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    options = ("--format", "csv,parquet")
    subprocess.run(command(source, whole, *options), check=False, env=environment(), capture_output=True)
    choose = random.Random(1)
    for _ in range(KILLS):
        process = subprocess.Popen(
            command(source, out, *options, "--resume"), env=environment(), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(choose.uniform(0.5, 5))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    done = subprocess.run(command(source, out, *options, "--resume"), check=False, env=environment())
    assert done.returncode in (0, 3)
    assert files(out) == files(whole)


def test_ctrl_c_says_what_stays(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(command(source, out), env=environment(), stderr=subprocess.PIPE, encoding="utf-8")
    while not (out / "shards" / "parts").exists():
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "已中断" in said
    assert "--resume" in said
    assert "Traceback" not in said


def test_a_full_disk_ends_the_run_and_says_so(few: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk: the second shard's write fails in the midst."""
    import resource

    out = tmp_path / "out"

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, resource.RLIM_INFINITY))

    done = subprocess.run(
        command(few, out, "--format", "csv"), check=False, env=environment(), capture_output=True, encoding="utf-8",
        preexec_fn=small,
    )  # fmt: skip
    assert done.returncode == 2
    assert "无法写入" in done.stderr
    assert "超过了文件大小的限制" in done.stderr
    assert "--resume" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [name for name in files(out) if ".new" in name]
    subprocess.run(command(few, out, "--format", "csv", "--resume"), check=True, env=environment())
    subprocess.run(command(few, tmp_path / "whole", "--format", "csv"), check=True, env=environment())
    assert files(out) == files(tmp_path / "whole")


def test_what_was_done_before_the_disk_was_full_is_kept(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    written: list[str] = []
    write = Local.write

    def until_full(self: Local, name: str, data: bytes) -> None:
        if len(written) == 14:  # two shards and a part of the third
            raise OSError(28, "No space left on device", name)
        written.append(name)
        write(self, name, data)

    monkeypatch.setattr(Local, "write", until_full)
    with pytest.raises(OSError, match="No space"):
        run(source, out, workers=2)
    monkeypatch.undo()
    assert [entry.part for entry in shards.entries(place(out))] == [0, 1]
    kept = {name: (out / name).stat().st_mtime_ns for name in files(out) if "/part-0000" in name}
    run(source, out, resume=True)
    first = [name for name in kept if "part-00000" in name or "part-00001" in name]
    assert {name: (out / name).stat().st_mtime_ns for name in first} == {name: kept[name] for name in first}
    run(source, tmp_path / "whole")
    assert files(out) == files(tmp_path / "whole")


def test_an_output_folder_that_goes_away_is_no_new_beginning(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    moved = tmp_path / "moved"
    count = 0

    def seen(_: str) -> None:
        nonlocal count
        count += 1
        if count == 10:
            out.rename(moved)

    with pytest.raises(FileNotFoundError):
        run(source, out, seen=seen)
    assert not out.exists()
    run(source, moved, resume=True)
    run(source, tmp_path / "whole")
    assert files(moved) == files(tmp_path / "whole")


def as_others() -> None:
    """Before a program starts: take from root the right to write where nobody may."""
    import ctypes

    drop_bound, override = 24, 1  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE
    ctypes.CDLL(None).prctl(drop_bound, override, 0, 0, 0)


def test_parts_that_went_away_are_missed_in_the_end(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    seen: list[str] = []

    def note(label: str) -> None:
        seen.append(label)
        if len(seen) == 20:
            shutil.rmtree(out)
            out.mkdir()

    with pytest.raises(OSError, match="不见了"):
        run(source, out, seen=note)
    assert shards.run_of(place(out)) is None
    run(source, out, resume=True)
    run(source, tmp_path / "whole")
    assert files(out) == files(tmp_path / "whole")


def test_a_record_of_another_shape_is_made_anew(few: Path, tmp_path: Path) -> None:
    (part,) = planning.parts([Input("一", "0.txt", few / "0.txt")], {})
    part = part._replace(items=(part.items[0]._replace(held='{"document": "一"}'),))
    found = batch.shard(batch.Settings(), batch.planned(batch.Settings(), part))
    assert found.entry.total.projects > 0


def test_a_folder_that_may_not_be_written_to(few: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    done = subprocess.run(
        command(few, out), check=False, env=environment(), capture_output=True, encoding="utf-8", preexec_fn=as_others
    )
    assert done.returncode == 2, done.stderr
    assert "没有写入的权限" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_place_that_is_in_the_way(few: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "shards").write_text("", encoding="utf-8")
    done = subprocess.run(command(few, out), check=False, env=environment(), capture_output=True, encoding="utf-8")
    assert done.returncode == 2
    assert "无法写入" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_could_not_be_read_is_a_file_too(few: Path, tmp_path: Path) -> None:
    (few / "空.txt").write_bytes(b"")
    out = tmp_path / "out"
    done = subprocess.run(
        command(few, out, "--format", "csv"), check=False, env=environment(), capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 3
    assert "unread.csv" in done.stdout
    text = (out / "unread.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "文档,原因,代码"
    assert "空.txt,文件是空的，没有可读的内容。,empty_document" in text
    (few / "空.txt").unlink()
    subprocess.run(command(few, out, "--format", "csv", "--resume"), check=True, env=environment())
    assert not (out / "unread.csv").exists()


def test_documents_that_moved_are_not_read_again(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    run(source, out)
    (source / "0000").rename(source / "0009")
    (source / "0001").mkdir()
    (source / "0001" / "新.txt").write_text(GOOD, encoding="utf-8")  # all others move one place
    read = noted(monkeypatch)
    unread = set(problems(Stored(place(out), shards.entries(place(out)))))
    run(source, out, resume=True)
    assert set(read) == {"新.txt"} | unread
    monkeypatch.undo()
    run(source, tmp_path / "whole")
    assert files(out) == files(tmp_path / "whole")


def test_shards_grow_and_keep_to_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = [Input(f"{n}", f"{n}.txt", f"{n}".encode()) for n in range(1_000)]
    sizes = [len(part.items) for part in planning.parts(inputs, {})]
    assert sizes[:9] == [4, 4, 4, 4, 8, 8, 8, 8, 16]
    assert max(sizes) == planning.DOCUMENTS
    assert sum(sizes) == 1_000
    monkeypatch.setattr(planning, "BYTES", 3)
    assert [len(part.items) for part in planning.parts(inputs[:9], {})] == [3, 3, 3]


def test_shards_and_documents_in_memory_give_the_same_files(source: Path, tmp_path: Path) -> None:
    results = run(source, tmp_path / "out")
    held = [document for _, document in results.documents()]
    for given, folder in ((results, tmp_path / "stored"), (held, tmp_path / "held")):
        folder.mkdir()
        tables.write_csv(given, folder)
        html.write(given, folder / "a.html")
        workbook.write(given, folder / "a.xlsx", most_rows=200, worst_rows=50)
    assert files(tmp_path / "stored") == files(tmp_path / "held")


def test_the_tables_of_all_parts_scan_as_one(source: Path, tmp_path: Path) -> None:
    import polars as pl

    results = run(source, tmp_path / "out")
    scanned = pl.scan_parquet(tmp_path / "out" / "shards" / "indicators" / "*.parquet")
    assert scanned.select(pl.len()).collect().item() == results.total.indicators
    assert stored(tmp_path / "out").total == results.total
    name = next((tmp_path / "out" / "shards" / "projects").iterdir())
    assert pq.read_schema(name).field("budget").type.scale == 4


def test_a_copy_under_a_name_that_is_no_text(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for name in (b"\xbc\xd7.txt", b"\xd2\xd2.txt"):
        Path(os.fsdecode(os.fsencode(source) + b"/" + name)).write_bytes(GOOD.encode())
    first, second = rows(run(source, tmp_path / "out"), "documents")
    assert second["same_as"] == first["document"]


def test_members_of_one_name_are_told_apart(tmp_path: Path) -> None:
    one, other = GOOD.encode(), GOOD.encode().replace("指标".encode(), "目标".encode())
    packed = tmp_path / "in.zip"
    with zipfile.ZipFile(packed, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in (("a.txt", one), ("a.txt", other), ("b.txt", one)):
            archive.writestr(name, data)
    found = rows(run(packed, tmp_path / "out"), "documents")
    assert [row["sha256"] for row in found] == [hashlib.sha256(data).hexdigest() for data in (one, other, one)]
    assert [json.loads(row["record"])["extraction"]["source"]["sha256"] for row in found] == [
        row["sha256"] for row in found
    ]


def test_what_changes_after_it_was_looked_at_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(GOOD.encode())
    item = batch.Item(str(file), file.name, file, "0" * 64)
    made = batch.shard(batch.Settings(), batch.planned(batch.Settings(), batch.Part(0, 0, (item,))))
    assert made.entry.unread == 1


def test_nothing_at_all_is_a_batch_too(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    done = subprocess.run(command(source, tmp_path / "out"), env=environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "out" / "scorecard.xlsx").is_file()
