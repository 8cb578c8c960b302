"""Formats that LibreOffice turns into Word and Excel files; these tests need it on PATH, as users of the formats do."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import kpi
from kpi import documents, settings
from kpi.documents import Table
from kpi.documents.kinds import Kind, kind_of
from tests.libreoffice import convert, needs_libreoffice
from tests.office import as_docx, as_xlsx, grids

TEXT = (
    "某县文化馆2025年绩效目标表\n\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t培训场次\t≥12场\n"
    "\t时效指标\t完成时间\t2025年11月30日前\n效益指标\t社会效益指标\t服务能力\t进一步提高\n"
)


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The text as files of each format, written by LibreOffice."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "a.docx").write_bytes(as_docx(documents.read(TEXT)))
    (folder / "a.xlsx").write_bytes(as_xlsx(documents.read(TEXT)))
    ways = {"doc": "a.docx", "rtf": "a.docx", "odt": "a.docx", "xls": "a.xlsx", "ods": "a.xlsx"}
    filters = {"doc": "doc:MS Word 97"}
    for suffix, source in ways.items():
        convert([folder / source], filters.get(suffix, suffix), folder)
    return {suffix: (folder / f"a.{suffix}").read_bytes() for suffix in ways} | {"xml": _spreadsheet_2003()}


def _spreadsheet_2003() -> bytes:
    """The text as finance systems export it under the name xls."""
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell.text}</Data></Cell>' for cell in row) + "</Row>"
        for block in documents.read(TEXT).blocks
        for row in (block.rows if isinstance(block, Table) else ((block,),))
    )
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="目标"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode()


@needs_libreoffice
@pytest.mark.parametrize(
    ("suffix", "kind"),
    [
        ("doc", Kind.DOC),
        ("rtf", Kind.RTF),
        ("odt", Kind.ODT),
        ("xls", Kind.XLS),
        ("ods", Kind.ODS),
        ("xml", Kind.FLAT_XLS),
    ],
)
def test_the_same_facts_in_every_format(converted: dict[str, bytes], suffix: str, kind: Kind) -> None:
    data = converted[suffix]
    assert kind_of(data, "a.xls") is kind
    document = documents.read(data, "a.wps")
    assert document.problems == ()
    assert document.source.media_type == kind.value
    rows = [row for row in grids(document)[0] if sum(map(bool, row)) > 1]
    assert rows == grids(documents.read(TEXT))[0]
    (project,), (expected,) = kpi.extract(data).projects, kpi.extract(TEXT).projects
    assert [(i.tier1, i.tier2, i.name, i.value) for i in project.indicators] == [
        (i.tier1, i.tier2, i.name, i.value) for i in expected.indicators
    ]
    assert project.title == expected.title


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    document = documents.read(b"{\\rtf1 text}")
    assert [found.code for found in document.problems] == ["needs_libreoffice"]
    assert "RTF" in document.problems[0].message


def test_a_program_that_never_ends_is_ended_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n(sleep 4; touch {tmp_path}/outlived) &\nsleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(settings, "CONVERT_SECONDS", 1)
    begin = time.monotonic()
    assert [found.code for found in documents.read(b"{\\rtf1 text}").problems] == ["out_of_time"]
    assert time.monotonic() - begin < 4
    time.sleep(5)
    assert not (tmp_path / "outlived").exists()


@needs_libreoffice
def test_a_damaged_file_says_so(converted: dict[str, bytes]) -> None:
    cut = documents.read(converted["odt"][:-100])
    assert [found.code for found in cut.problems] == ["damaged_file"]
    begin = time.monotonic()
    document = documents.read(converted["doc"][: len(converted["doc"]) // 3])
    assert document.problems or document.blocks
    assert time.monotonic() - begin < settings.CONVERT_SECONDS


@needs_libreoffice
def test_two_at_once(converted: dict[str, bytes]) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(documents.read, [converted["rtf"], converted["odt"]])
    assert grids(first) == grids(second) == grids(documents.read(TEXT))


@needs_libreoffice
def test_a_word_file_with_a_password_says_so(converted: dict[str, bytes]) -> None:
    data = bytearray(converted["doc"])
    begin = data.find(b"\xec\xa5")  # the file information block; the flag stands in its tenth byte
    assert begin > 0
    data[begin + 11] |= 1
    assert [found.code for found in documents.read(bytes(data)).problems] == ["encrypted"]
