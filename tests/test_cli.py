"""The `kpi` command as a user runs it: real processes, exit codes, outputs, and no traceback anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kpi.cli import extract as extract_command
from kpi.cli.app import COMMANDS
from kpi.pipeline import extract as extract_file
from kpi.rules import RULES
from kpi.schema import Extraction, Review
from tests.material import ROOT
from tests.rendering import RENDERED, load
from tests.rendering.formats import FORMATS, PRINTED

DONE, FOUND_ERROR, BAD_USAGE, UNREAD = 0, 1, 2, 3
TRACEBACK = "Traceback (most recent call last)"
GOOD = RENDERED / "nandagang-2020.tab_rows.txt"
OTHER = RENDERED / "xiguan-2020.pipe_rows.md"


class Run(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def kpi(*arguments: str | Path, cwd: Path | None = None, width: int = 200) -> Run:
    """Run the command and look at what every run must keep: no traceback, no exit code out of the list."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUTF8": "1",
        "COLUMNS": str(width),
        "NO_COLOR": "1",
        "TERM": "dumb",
    }
    done = subprocess.run(
        [sys.executable, "-m", "kpi.cli", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        cwd=cwd,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert TRACEBACK not in done.stderr, done.stderr
    assert TRACEBACK not in done.stdout
    assert done.returncode in (0, 1, 2, 3), done.stderr
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("unreadable") / "扫描件.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents, one of them deeper, a hidden file, and one that cannot be read."""
    root = tmp_path_factory.mktemp("公开文件")
    (root / "一.txt").write_bytes(GOOD.read_bytes())
    (root / "下级").mkdir()
    (root / "下级" / "二.md").write_bytes(OTHER.read_bytes())
    (root / ".隐藏.txt").write_bytes(GOOD.read_bytes())
    (root / "空.txt").write_bytes(b"")
    return root


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "全部.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("一.txt", GOOD.read_bytes())
        file.writestr("下级/二.md", OTHER.read_bytes())
        file.writestr("坏.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    return path


def extractions(text: str) -> list[Extraction]:
    return [Extraction.model_validate_json(line) for line in text.splitlines()]


def reviews(text: str) -> list[Review]:
    return [Review.model_validate(json.loads(line)["review"]) for line in text.splitlines()]


# ------------------------------------------------------------------------------------------------- parse


def test_parse_explains_values() -> None:
    run = kpi("parse", "≥90%", "2025年12月底", "进一步提高")
    assert run.code == DONE
    for text in ("≥90%", "2025年12月底", "进一步提高", "2025-12-31"):
        assert text in run.out
    assert run.err == ""


def test_parse_json_is_one_value_a_line() -> None:
    run = kpi("parse", "--json", "--year", "2025", "≥90%", "12月底前", "是/否", "")
    assert run.code == DONE
    values = [json.loads(line) for line in run.out.splitlines()]
    assert [value["kind"] for value in values] == ["quantity", "date", "yes_no", "empty"]
    assert values[0]["base_magnitude"] == "0.9"
    assert values[1]["end"] == "2025-12-31"


def test_parse_takes_unit_and_name() -> None:
    unit, name = kpi("parse", "--json", "--unit", "万元", "150"), kpi("parse", "--json", "--name", "使用率（%）", "≥85")
    assert (unit.code, name.code) == (DONE, DONE)
    assert json.loads(unit.out)["base_magnitude"] == "1500000"
    assert json.loads(name.out)["unit"] == "%"


def test_parse_takes_a_value_that_begins_with_a_dash() -> None:
    run = kpi("parse", "--json", "--", "-5℃", "—")
    assert run.code == DONE
    assert [json.loads(line)["kind"] for line in run.out.splitlines()] == ["quantity", "empty"]


def test_parse_in_a_narrow_terminal_loses_nothing() -> None:
    run = kpi("parse", "≥123456789个", width=40)
    assert run.code == DONE
    assert "123456789" in "".join(run.out.split())


_HEAVY = {"spacy", "fastapi", "jieba", "uvicorn", "api", "sqlalchemy", "starlette", "polars", "pyarrow", "dask"}


@pytest.mark.parametrize(
    ("arguments", "loads", "spares"),
    [
        (["parse", "≥90%"], {"kpi.values"}, {"kpi.pipeline", "kpi.documents", "kpi.rules"}),
        (["--help"], {"kpi.cli.app"}, {"kpi.values", "kpi.schema", "pydantic", "kpi.cli.parse"}),
        (["score", "--help"], {"kpi.cli.score"}, set()),
        (["rules"], {"kpi.rules"}, set()),
    ],
    ids=lambda given: given[0] if isinstance(given, list) else "",
)
def test_a_command_imports_only_what_it_needs(arguments: list[str], loads: set[str], spares: set[str]) -> None:
    program = (
        "import sys\n"
        f"sys.argv = ['kpi', *{arguments!r}]\n"
        "from kpi.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        timeout=60,
        check=True,
    )
    imported = set(done.stderr.split())
    assert loads <= imported
    assert imported & (_HEAVY | spares) == set()


def test_what_help_says_of_each_command() -> None:
    listed = kpi("--help").out
    for name, what in COMMANDS.items():
        assert name in listed
        assert what[:20] in listed
        assert what[:20] in kpi(name, "--help").out


# ----------------------------------------------------------------------------------------------- extract


def test_extract_writes_one_document_a_line() -> None:
    run = kpi("extract", GOOD, OTHER)
    assert run.code == DONE
    assert [len(e.projects) for e in extractions(run.out)] == [5, 9]
    assert [e.source.name for e in extractions(run.out)] == [GOOD.name, OTHER.name]


def test_extract_into_a_file(tmp_path: Path) -> None:
    target = tmp_path / "结果.jsonl"
    run = kpi("extract", GOOD, "-o", target)
    assert run.code == DONE
    (read,) = extractions(target.read_text(encoding="utf-8"))
    assert read.coverage.rows_read == 30
    assert read == extractions(kpi("extract", GOOD).out)[0]
    assert "30/30" in run.out


def test_extract_year_given_on_the_command_line() -> None:
    run = kpi("extract", "--year", "2031", GOOD)
    assert extractions(run.out)[0].fiscal_year == 2031


def test_extract_refuses_to_write_over_an_input(tmp_path: Path) -> None:
    source = tmp_path / "表.txt"
    source.write_bytes(GOOD.read_bytes())
    (tmp_path / "同.txt").symlink_to(source)
    for output in (source, tmp_path / "同.txt", tmp_path / "." / "表.txt"):
        run = kpi("extract", source, GOOD, "-o", output)
        assert run.code == BAD_USAGE
        assert source.read_bytes() == GOOD.read_bytes()


def test_extract_into_a_folder_that_is_read_leaves_the_output_out(tmp_path: Path) -> None:
    (tmp_path / "表.txt").write_bytes(GOOD.read_bytes())
    for _ in range(2):
        assert kpi("extract", tmp_path, "-o", tmp_path / "结果.jsonl").code == DONE
        (read,) = extractions((tmp_path / "结果.jsonl").read_text(encoding="utf-8"))
        assert read.source.name == "表.txt"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["结果.jsonl", "表.txt"]


def test_extract_that_breaks_off_leaves_the_old_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "结果.jsonl"
    target.write_text("旧", encoding="utf-8")

    def broken(*_: object, **__: object) -> Iterator[tuple[str, Extraction]]:
        yield "表.txt", extract_file(GOOD)
        raise KeyboardInterrupt

    monkeypatch.setattr(extract_command, "extractions", broken)
    with pytest.raises(KeyboardInterrupt):
        extract_command.extract([GOOD], output=target)
    assert target.read_text(encoding="utf-8") == "旧"
    assert [path.name for path in tmp_path.iterdir()] == ["结果.jsonl"]


def test_extract_through_a_link_keeps_the_link_and_the_mode(tmp_path: Path) -> None:
    target, link = tmp_path / "结果.jsonl", tmp_path / "最新.jsonl"
    target.write_text("旧", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    assert kpi("extract", GOOD, "-o", link).code == DONE
    assert link.is_symlink()
    assert len(extractions(target.read_text(encoding="utf-8"))) == 1
    assert target.stat().st_mode & 0o777 == 0o640


def test_extract_into_a_device(tmp_path: Path) -> None:
    assert kpi("extract", GOOD, "-o", "/dev/null").code == DONE
    assert not Path("/dev/null").is_file()
    assert kpi("extract", GOOD, "-o", tmp_path).code == BAD_USAGE


def test_extract_into_a_place_that_is_not_there(tmp_path: Path) -> None:
    run = kpi("extract", GOOD, "-o", tmp_path / "没有" / "结果.jsonl")
    assert run.code == BAD_USAGE
    assert "结果.jsonl" in run.err


# ------------------------------------------------------------------------------------------------- check


def test_check_lists_findings_for_a_person() -> None:
    run = kpi("check", GOOD)
    assert run.code == DONE
    assert "VAG006" in run.out
    assert "足够覆盖居民小区" in run.out
    assert "建议" in run.out


@pytest.mark.parametrize(
    ("name", "place"), [("word", "第6个表第3行"), ("excel", "工作表“表5”F5"), ("ruled", "第3页第6个表第3行")]
)
def test_check_says_where_in_the_file(name: str, place: str, tmp_path: Path) -> None:
    made = {**FORMATS, **PRINTED}[name]
    file = tmp_path / f"a.{made.suffix}"
    file.write_bytes(made(load("shanhaiguan-office-2023")))
    run = kpi("check", file, "--select", "VAL003")
    assert place in run.out


def test_check_json_is_one_review_a_line() -> None:
    run = kpi("check", "--format", "json", "--select", "VAG", GOOD, OTHER)
    assert run.code == DONE
    first, _ = reviews(run.out)
    assert {finding.rule for finding in first.findings} >= {"VAG006", "VAG008"}
    assert first.summary.findings.error == 0


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        (("--select", "VAG006"), {"VAG006"}),
        (("--select", "VAG006,VAG003"), {"VAG003", "VAG006"}),
        (("--select", "VAG006", "--select", "vag003"), {"VAG003", "VAG006"}),
        (("--select", "VAG006,VAL", "--ignore", "VAG"), {"VAL004"}),
        (("--select", "VAG", "--ignore", "VAG008,VAG006"), {"VAG003"}),
        (("--select", "VAG", "--ignore", "VAG"), set()),
    ],
)
def test_check_select_and_ignore(options: tuple[str, ...], rules: set[str]) -> None:
    run = kpi("check", "--format", "json", *options, GOOD)
    assert run.code == DONE
    assert {finding.rule for finding in reviews(run.out)[0].findings} == rules


def test_check_that_finds_an_error_says_so(tmp_path: Path) -> None:
    source = tmp_path / "目标表.txt"
    heading = "一级指标\t二级指标\t三级指标\t指标值\n"
    source.write_text(heading + "产出指标\t数量指标\t发放补贴人数\t≥95%\n", encoding="utf-8")
    assert kpi("check", "--select", "UNI001", source).code == FOUND_ERROR
    assert kpi("check", "--select", "VAG", source).code == DONE


# ------------------------------------------------------------------------------------------------- inputs


@pytest.mark.parametrize("command", [("extract",), ("check", "--format", "json"), ("check",)], ids=" ".join)
def test_what_cannot_be_read_is_listed_and_the_rest_is_done(command: tuple[str, ...], picture: Path) -> None:
    run = kpi(*command, picture, GOOD, picture.with_name("没有.txt"))
    assert run.code == UNREAD
    assert "扫描件.png" in run.err
    assert "没有.txt" in run.err
    assert GOOD.name not in run.err
    assert "足够覆盖居民小区" in run.out


def test_folder(folder: Path) -> None:
    run = kpi("extract", folder)
    assert run.code == UNREAD
    assert [e.source.name for e in extractions(run.out)] == ["一.txt", "二.md", "空.txt"]
    assert "空.txt" in run.err
    assert "隐藏" not in run.out + run.err


def test_zip(archive: Path) -> None:
    run = kpi("extract", archive)
    assert run.code == UNREAD
    assert [len(e.projects) for e in extractions(run.out)] == [5, 9, 0]
    assert "坏.txt" in run.err
    assert "二.md" not in run.err


def test_zip_gives_what_the_files_give(archive: Path) -> None:
    zipped = extractions(kpi("extract", archive).out)[0]
    (plain,) = extractions(kpi("extract", GOOD).out)
    assert zipped.projects == plain.projects
    assert zipped.source.sha256 == plain.source.sha256


def test_a_zip_with_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / "名.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("表一.txt", GOOD.read_bytes())
    path.write_bytes(path.read_bytes().replace("表一.txt".encode(), b"\xff\xfe\xfd\xff\xfe\xfd.txt"))
    run = kpi("extract", path, GOOD)
    assert run.code == UNREAD
    assert [[problem.code for problem in e.problems] for e in extractions(run.out)] == [["not_readable"], []]
    assert "名.zip" in run.err


def test_an_exclamation_mark_is_part_of_a_name(tmp_path: Path) -> None:
    (tmp_path / "重要!通知.txt").write_bytes(GOOD.read_bytes())
    with zipfile.ZipFile(tmp_path / "包!.zip", "w") as file:
        file.writestr("下级/再!次.txt", GOOD.read_bytes())
    run = kpi("extract", tmp_path / "重要!通知.txt", tmp_path / "包!.zip")
    assert [e.source.name for e in extractions(run.out)] == ["重要!通知.txt", "再!次.txt"]


def test_a_device_is_listed_as_unread() -> None:
    run = kpi("check", "/dev/zero")
    assert run.code == UNREAD
    assert "not_readable" in run.err


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u2069", "\u202a", "\u200e", "\u200f", "\x1b"])
def test_nothing_that_is_shown_turns_the_reading_direction(sign: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{sign}txt.exe"
    path.write_text(f"一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t甲{sign}乙\t进一步{sign}提高", "utf-8")
    for arguments in (("check", path), ("parse", f"进一步{sign}提高")):
        run = kpi(*arguments)
        assert run.out
        assert sign not in run.out + run.err


def test_a_zip_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "坏.zip"
    path.write_bytes(b"PK\x03\x04 and nothing of a zip")
    run = kpi("check", path, GOOD)
    assert run.code == UNREAD
    assert "坏.zip" in run.err
    assert "足够覆盖居民小区" in run.out


def test_empty_folder(tmp_path: Path) -> None:
    assert kpi("check", tmp_path).code == DONE


def test_a_document_without_tables_is_read_but_named(tmp_path: Path) -> None:
    path = tmp_path / "说明.txt"
    path.write_text("本单位没有项目支出。\n", encoding="utf-8")
    run = kpi("check", path)
    assert run.code == DONE
    assert "说明.txt" in run.err


# -------------------------------------------------------------------------------------------- rules, usage


def test_rules_lists_every_code() -> None:
    run = kpi("rules")
    assert run.code == DONE
    assert [rule.code for rule in RULES if rule.code not in run.out] == []


def test_rules_shows_a_manual_page() -> None:
    run = kpi("rules", "vag002")
    assert run.code == DONE
    for section in ("检查什么", "为什么重要", "反例", "正例", "依据"):
        assert section in run.out


def test_rules_json() -> None:
    run = kpi("rules", "--json")
    assert run.code == DONE
    assert [rule["code"] for rule in json.loads(run.out)] == [rule.code for rule in RULES]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("parse",),
        ("parse", "--year", "20x5", "1个"),
        ("parse", "--year", "1", "1个"),
        ("parse", "--wrong", "1个"),
        ("check",),
        ("check", "--format", "pdf", str(GOOD)),
        ("check", "--select", "XYZ", str(GOOD)),
        ("check", "--ignore", "VAG099", str(GOOD)),
        ("rules", "XYZ001"),
        ("extract",),
        ("serve", "--port", "0"),
        ("serve", "--host", "0.0.0.0"),
    ],
    ids=" ".join,
)
def test_bad_usage(arguments: tuple[str, ...]) -> None:
    run = kpi(*arguments)
    assert run.code == BAD_USAGE
    assert run.out + run.err


@pytest.mark.parametrize("command", [(), ("parse",), ("extract",), ("check",), ("rules",), ("serve",)], ids=" ".join)
def test_help(command: tuple[str, ...]) -> None:
    run = kpi(*command, "--help")
    assert run.code == DONE
    assert "Usage" in run.out or "用法" in run.out
