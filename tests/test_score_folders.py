"""`kpi score` into a folder that an earlier run wrote to: the forms and the marked copies, and what these leave out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import docx
import openpyxl
import pytest

from kpi.scorecard.renewal import renew
from tests.rendering import RENDERED
from tests.test_cli import DONE, kpi

DEFAULT = resources.files("kpi.scoring").joinpath("scoring.toml").read_text(encoding="utf-8")
WORD, PLAIN = "nandagang-2020.word.docx", "xiguan-2020.pipe_rows.md"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "上报"
    folder.mkdir()
    for name, source in {"一.docx": WORD, "二.md": PLAIN}.items():
        (folder / name).write_bytes((RENDERED / source).read_bytes())
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def text_of(form: Path) -> str:
    return "\n".join(cell.text for table in docx.Document(str(form)).tables for row in table.rows for cell in row.cells)


def test_forms_and_rules_name_the_criteria_of_the_scheme_of_ones_own(desk: Path, tmp_path: Path) -> None:
    own, config, out = tmp_path / "评分.toml", tmp_path / "kpi.toml", tmp_path / "out"
    own.write_text(DEFAULT.replace('name = "指标细化量化"', 'name = "量化程度"'), encoding="utf-8")
    config.write_text('[score]\n"相关性" = 60\n', encoding="utf-8")
    done = kpi("score", desk, "--out", out, "--format", "docx,xlsx", "--scoring", own, "--config", config)
    assert done.code == DONE, done.err
    for form in (out / "opinions").iterdir():
        told = text_of(form)
        assert "量化程度" in told
        assert "指标细化量化" not in told
        (row,) = {
            tuple(cell.text for cell in row.cells)[:3]
            for table in docx.Document(str(form)).tables
            for row in table.rows
            if any(cell.text == "量化程度" for cell in row.cells)
        }
        assert "26.00" in row  # 13 points, doubled with its block
    sheet = openpyxl.load_workbook(out / "scorecard.xlsx")["规则说明"]
    assert "相关性·量化程度" in {str(row[4]) for row in sheet.iter_rows(values_only=True)}


def test_what_cannot_be_marked_is_listed_with_its_reason(desk: Path, tmp_path: Path) -> None:
    done = kpi("score", desk, "--out", tmp_path / "out", "--format", "marked")
    assert done.code == DONE  # all of it was read
    assert names(tmp_path / "out" / "marked") == {"一_审核批注.docx"}
    assert "1 个文件不能加批注" in done.out
    assert "二.md：md 格式不能加批注" in done.err
    assert "一.docx" not in done.err


def test_files_of_an_earlier_run_do_not_stay(desk: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert kpi("score", desk, "--out", out, "--format", "docx,marked").code == DONE
    forms, copies = names(out / "opinions"), names(out / "marked")
    assert forms
    assert copies
    filled_in = next(path for path in out.glob("opinions/*") if "车辆保险费" in path.name)
    filled_in.write_bytes(filled_in.read_bytes() + b"by hand")
    (out / "opinions" / "说明.docx").write_bytes(b"of somebody else")
    (desk / "二.md").unlink()
    (desk / "一.docx").rename(desk / "三.docx")
    done = kpi("score", desk, "--out", out, "--format", "docx,marked")
    assert done.code == DONE, done.err
    assert names(out / "marked") == {"三_审核批注.docx"}
    left = names(out / "opinions")
    gone = {name for name in forms if name.startswith("611-")} - {filled_in.name}  # the projects of 二.md
    assert len(gone) == 8
    assert left == forms - gone | {"说明.docx"}
    assert f"{filled_in.name} 是以前写入的" in done.out


def test_what_somebody_changed_is_not_written_over(desk: Path, tmp_path: Path) -> None:
    out, again = tmp_path / "out", ("--format", "docx,marked")
    assert kpi("score", desk, "--out", out, *again).code == DONE
    form, copy = next(out.glob("opinions/*车辆保险费*")), out / "marked" / "一_审核批注.docx"
    filled_in = {path: path.read_bytes() + b"by hand" for path in (form, copy)}
    for path, data in filled_in.items():
        path.write_bytes(data)
    forms = names(out / "opinions")
    for _ in range(2):  # and is still somebody's the next time
        done = kpi("score", desk, "--out", out, *again)
        assert done.code == DONE, done.err
        for path, data in filled_in.items():
            assert path.read_bytes() == data
            assert f"{path.name} 已被改动过，保留原样，没有覆盖" in done.out
        assert f"opinions/（{len(forms) - 1} 个文件）" in done.out
        assert names(out / "opinions") == forms
    form.unlink()
    assert "没有覆盖" in kpi("score", desk, "--out", out, *again).out  # the copy
    assert text_of(form)


def test_what_was_not_asked_for_stays(desk: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert kpi("score", desk, "--out", out, "--format", "docx").code == DONE
    before = names(out / "opinions")
    assert kpi("score", desk, "--out", out, "--format", "marked", "--resume").code == DONE
    assert names(out / "opinions") == before


def files(*names: str) -> list[tuple[str, bytes]]:
    return [(name, name.encode()) for name in names]


def test_a_list_never_leads_out_of_its_folder(tmp_path: Path) -> None:
    folder, outside = tmp_path / "marked", tmp_path / "甲.docx"
    outside.write_text("甲", encoding="utf-8")
    renew(folder, files("乙.docx"))
    list_of = tmp_path / ".marked.jsonl"
    (sha256,) = {json.loads(line)["sha256"] for line in list_of.read_text(encoding="utf-8").splitlines()}
    outside.write_text("乙.docx", encoding="utf-8")  # of the checksum that the list names
    (folder / "丙.docx").symlink_to(outside)
    forged = [{"file": name, "sha256": sha256} for name in ("../甲.docx", str(outside), "丙.docx", "..", "", 3)]
    list_of.write_text("".join(json.dumps(line) + "\n" for line in [*forged, [], "x"]) + "{torn", encoding="utf-8")
    renew(folder, files("丁.docx"))
    assert outside.exists()
    assert names(folder) == {"乙.docx", "丙.docx", "丁.docx"}


def test_a_run_that_was_stopped_leaves_nothing_unlisted(tmp_path: Path) -> None:
    folder = tmp_path / "opinions"

    def stopped() -> Iterator[tuple[str, bytes]]:
        yield from files("甲", "乙")
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        renew(folder, stopped())
    renewed = renew(folder, files("丙"))
    assert names(folder) == {"丙"}
    assert renewed.changed == []


def test_only_what_is_ours_is_written_over(tmp_path: Path) -> None:
    folder, outside = tmp_path / "opinions", tmp_path / "外.docx"
    assert renew(folder, [("甲", b"1"), ("乙", b"1")]) == (["甲", "乙"], [], [])
    outside.write_bytes(b"1")
    (folder / "丙").write_bytes(b"of somebody else")
    (folder / "丁").symlink_to(outside)
    (folder / "乙").write_bytes(b"by hand")
    assert renew(folder, [(name, b"2") for name in "甲乙丙丁"]) == (["甲"], ["乙", "丙", "丁"], [])
    assert outside.read_bytes() == b"1"
    assert [(folder / name).read_bytes() for name in "甲乙丙"] == [b"2", b"by hand", b"of somebody else"]


def test_after_a_stop_files_of_both_runs_are_ours(tmp_path: Path) -> None:
    folder = tmp_path / "opinions"
    renew(folder, [("甲", b"1"), ("乙", b"1")])

    def stopped() -> Iterator[tuple[str, bytes]]:
        yield "甲", b"2"
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        renew(folder, stopped())
    (folder / "甲").write_bytes(b"1")  # as if it had stopped between the list and the file
    assert renew(folder, [("甲", b"3"), ("乙", b"3")]) == (["甲", "乙"], [], [])
