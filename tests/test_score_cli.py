"""`kpi score` as a user runs it, and the batch under it: order, workers, going on after a stop, exit codes."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import openpyxl
import pytest

from kpi import batch
from kpi.batch import making, planning
from kpi.cli.outputs import OUTPUTS
from kpi.configuration import Config
from kpi.inputs import Input
from kpi.places import place
from kpi.scorecard import shards
from kpi.scorecard.results import Stored
from kpi.scorecard.scored import Scored
from tests.rendering import RENDERED
from tests.test_cli import BAD_USAGE, DONE, UNREAD, kpi

TABLES = ("xlsx", "csv", "parquet", "jsonl")
DEFAULT_SCORING = resources.files("kpi.scoring").joinpath("scoring.toml").read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder of three documents, one deeper, and one that is empty."""
    folder = tmp_path / "上报"
    (folder / "下级").mkdir(parents=True)
    for name, source in {
        "一.txt": "nandagang-2020.tab_rows.txt",
        "二.md": "xiguan-2020.pipe_rows.md",
        "下级/三.docx": "nandagang-2020.word.docx",
    }.items():
        (folder / name).write_bytes((RENDERED / source).read_bytes())
    return folder


def stored(out: Path) -> Stored:
    return Stored(place(out), shards.entries(place(out)))


def lines(out: Path) -> list[batch.Line]:
    return [batch.Line.model_validate_json(record) for record in stored(out).records()]


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def run(desk: Path, out: Path, *, resume: bool = False, year: int | None = None) -> list[Scored]:
    out.mkdir(exist_ok=True)
    entries = batch.run([desk], place(out), batch.Settings(year), resume=resume)
    return [document for _, document in Stored(place(out), entries).documents()]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from here on."""
    names: list[str] = []
    line, steps_of = making.line, making.steps_of

    def noted(settings: batch.Settings, given: Input) -> batch.Line:
        names.append(given.name)
        return line(settings, given)

    monkeypatch.setattr(making, "steps_of", lambda settings, part, _: steps_of(settings, part, noted))
    return names


def test_what_is_asked_for_is_written_and_said(desk: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果" / "评分"
    done = kpi("score", desk, "--out", out, "--format", ",".join(TABLES))
    assert done.code == DONE, done.err
    expected = {"scorecard.xlsx", "documents.jsonl"}
    expected |= {f"{name}.{ending}" for name in ("projects", "indicators", "findings") for ending in ("csv", "parquet")}
    assert {name for name in files(out) if not name.startswith("shards/")} == expected
    for name in expected:
        assert name in done.out
    total = stored(out).total
    assert f"{total.documents} 个文档，{total.projects} 个项目，{total.indicators} 条指标" in done.out
    assert f"机审得分率 {total.share_reached:.1%}" in done.out
    assert openpyxl.load_workbook(out / "scorecard.xlsx")["总览"]["A1"].value == "绩效目标机审总览"


def test_documents_come_in_the_order_of_their_names(desk: Path, tmp_path: Path) -> None:
    found = [Path(document.label).name for document in run(desk, tmp_path / "out")]
    assert found == [Path(line.document).name for line in lines(tmp_path / "out")] == ["一.txt", "三.docx", "二.md"]


def test_workers_change_nothing(desk: Path, tmp_path: Path) -> None:
    for workers in (1, 2):
        out = tmp_path / str(workers)
        kpi("score", desk, "--out", out, "--format", ",".join(TABLES), "--workers", str(workers))
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_a_stopped_run_goes_on(desk: Path, tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_FIRST", 1)  # three documents, three shards
    whole, out = tmp_path / "whole", tmp_path / "out"
    run(desk, whole)
    run(desk, out)
    second, third = (sorted((out / "shards" / "documents").iterdir())[n] for n in (1, 2))
    second.write_bytes(second.read_bytes()[:200])  # torn
    third.unlink()
    (out / "shards" / "run.json").unlink()
    read.clear()
    found = run(desk, out, resume=True)
    assert read == ["三.docx", "二.md"]
    assert [document.label for document in found] == [held.document for held in lines(whole)]
    assert files(out) == files(whole)
    read.clear()
    run(desk, out, resume=True)
    assert read == []
    assert files(out) == files(whole)


def test_what_has_changed_is_read_again(desk: Path, tmp_path: Path, read: list[str]) -> None:
    out = tmp_path / "out"
    run(desk, out)
    read.clear()
    (desk / "二.md").write_bytes((RENDERED / "xigang-2025.pipe_rows.md").read_bytes())
    (desk / "一.txt").rename(desk / "下级" / "一.txt")
    moved = run(desk, out, resume=True)
    assert read == ["二.md"]
    assert [Path(d.label).relative_to(desk).as_posix() for d in moved] == ["下级/一.txt", "下级/三.docx", "二.md"]
    assert [held.document for held in lines(out)] == [d.label for d in moved]
    read.clear()
    run(desk, out, resume=True, year=2031)
    assert len(read) == len(moved)


@pytest.mark.parametrize(
    "other",
    [batch.Settings(year=2031), batch.Settings(config=Config(ignore=("VAG001",))), batch.Settings(scoring="x")],
)
def test_settings_that_differ_are_told_apart(other: batch.Settings) -> None:
    assert making.made_key(other) != making.made_key(batch.Settings())


def test_the_output_may_lie_in_what_is_read(desk: Path) -> None:
    out = desk / "评分"
    for _ in range(2):
        done = kpi("score", desk, "--out", out, "--format", "csv,xlsx")
        assert done.code == DONE
        assert "3 个文档" in done.out


def test_what_cannot_be_read_is_listed_and_the_rest_is_done(desk: Path, tmp_path: Path) -> None:
    (desk / "空.txt").write_bytes(b"")
    done = kpi("score", desk, tmp_path / "没有.txt", "--out", tmp_path / "out", "--format", "xlsx")
    assert done.code == UNREAD
    assert "空.txt" in done.err
    assert "没有.txt" in done.err
    assert "2 个文件未能读取" in done.out
    sheet = openpyxl.load_workbook(tmp_path / "out" / "scorecard.xlsx")["总览"]
    shown = {str(row[0]) for row in sheet.iter_rows(values_only=True)}
    assert any(text.endswith("空.txt") for text in shown)


def test_names_that_utf8_cannot_hold(desk: Path, tmp_path: Path) -> None:
    (desk / "一.txt").rename(desk / "a\udcff.txt")
    done = kpi("score", desk, "--out", tmp_path / "out", "--format", ",".join(TABLES))
    assert done.code == DONE
    assert lines(tmp_path / "out")[0].document.endswith("a?.txt")


def test_a_scoring_file_of_ones_own(desk: Path, tmp_path: Path) -> None:
    own = tmp_path / "评分.toml"
    own.write_text(DEFAULT_SCORING.replace('name = "指标细化量化"', 'name = "量化程度"'), encoding="utf-8-sig")
    assert kpi("score", desk, "--out", tmp_path / "out", "--format", "csv", "--scoring", own).code == DONE
    criteria = {cost.criterion for held in lines(tmp_path / "out") for score in held.review.scores
                for block in score.blocks for cost in block.lost}  # fmt: skip
    assert "量化程度" in criteria


def test_blocks_get_their_points_from_the_configuration(desk: Path, tmp_path: Path) -> None:
    config = tmp_path / "kpi.toml"
    config.write_text('[score]\n"完整性" = 40\n', encoding="utf-8")
    assert kpi("score", desk, "--out", tmp_path / "out", "--format", "csv", "--config", config).code == DONE
    (points,) = {s.blocks[0].points for held in lines(tmp_path / "out") for s in held.review.scores}
    assert points == 40


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--format", "pdf"), "没有格式“pdf”"),
        (("--workers", "0"), "--workers"),
        (("--scoring", "nothing.toml"), "打不开"),
    ],
)
def test_bad_usage(desk: Path, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    done = kpi("score", desk, "--out", tmp_path / "out", *options, cwd=tmp_path)
    assert done.code == BAD_USAGE
    assert said in done.err


def test_a_scoring_file_that_is_none(desk: Path, tmp_path: Path) -> None:
    own = tmp_path / "评分.toml"
    own.write_text("[grades]\n", encoding="utf-8")
    done = kpi("score", desk, "--out", tmp_path / "out", "--scoring", own)
    assert done.code == BAD_USAGE
    assert "缺少这一项" in done.err


def test_an_output_that_cannot_be(desk: Path, tmp_path: Path) -> None:
    assert kpi("score", desk, "--out", desk).code == BAD_USAGE
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    done = kpi("score", desk, "--out", tmp_path / "文件")
    assert done.code == BAD_USAGE
    assert "无法写入" in done.err


def test_a_failed_write_leaves_the_old_file(desk: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "scorecard.xlsx").mkdir(parents=True)  # as a file that another program keeps open
    done = kpi("score", desk, "--out", out, "--format", "xlsx")
    assert done.code == BAD_USAGE
    assert "--resume" in done.err
    assert {name.partition("/")[0] for name in files(out)} == {"shards"}


def test_every_format_is_offered() -> None:
    shown = kpi("score", "--help", width=400).out
    assert all(name in shown for name in OUTPUTS)


def test_the_record_is_one_json_object_a_line(desk: Path, tmp_path: Path) -> None:
    assert kpi("score", desk, "--out", tmp_path / "out", "--format", "jsonl").code == DONE
    texts = (tmp_path / "out" / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    assert texts == list(stored(tmp_path / "out").records())
    assert all(set(json.loads(text)) == {"document", "made", "extraction", "review"} for text in texts)


def test_two_runs_do_not_write_into_one_folder(desk: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    out.mkdir()
    with place(out).alone():
        refused = kpi("score", desk, "--out", out)
    assert refused.code == BAD_USAGE
    assert "另一次运行正在写入" in refused.err
    assert not list(out.iterdir())
    assert kpi("score", desk, "--out", out).code == DONE
    assert kpi("score", desk, "--out", out, "--resume").code == DONE
