"""What a path stands for: zips are told by content, one within another is opened, what cannot be opened says so."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

import kpi
from kpi import settings
from kpi.inputs import count, expand
from kpi.schema import Problem
from tests.office import excel, p, word, zipped


def found(path: Path) -> list[tuple[str, str]]:
    """The labels behind ``path``, each with ``read`` or the code of its problem."""
    return [
        (one.label.removeprefix(f"{path}"), one.source.code if isinstance(one.source, Problem) else "read")
        for one in expand([path])
    ]


@pytest.mark.parametrize("name", ["全部.zip", "全部", "全部.docx"])
def test_a_zip_is_told_by_its_content(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(zipped({"甲/一.docx": word(p("甲")), "二.txt": "乙", "__MACOSX/二.txt": "", ".藏": ""}))
    assert found(path) == [("!甲/一.docx", "read"), ("!二.txt", "read")]


@pytest.mark.parametrize("data", [word(p("甲")), excel("<sheetData/>")])
@pytest.mark.parametrize("name", ["目标.zip", "目标.docx"])
def test_office_files_are_no_zips(tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert [one.source for one in expand([path])] == [path]


def test_a_zip_in_a_zip_is_opened_and_no_deeper(tmp_path: Path) -> None:
    deepest = zipped({"丙.txt": "丙"})
    path = tmp_path / "外.zip"
    path.write_bytes(zipped({"内.zip": zipped({"乙.txt": "乙", "更深.zip": deepest}), "甲.txt": "甲"}))
    assert found(path) == [("!内.zip!乙.txt", "read"), ("!内.zip!更深.zip", "read"), ("!甲.txt", "read")]


def test_encrypted_members_say_so(tmp_path: Path) -> None:
    data = bytearray(zipped({"甲.txt": "甲", "乙.txt": "乙"}))
    for magic, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.find(magic) + offset] |= 1
    path = tmp_path / "密.zip"
    path.write_bytes(data)
    assert found(path) == [("!甲.txt", "encrypted"), ("!乙.txt", "read")]


def test_all_members_together_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_ZIP_BYTES", 250)
    path = tmp_path / "大.zip"
    path.write_bytes(zipped({f"{n}.txt": "a" * 100 for n in range(9)}))
    assert [code for _, code in found(path)] == ["read", "read", "too_large", "too_large"]


def test_a_damaged_zip_says_so(tmp_path: Path) -> None:
    data = zipped({"甲.txt": "甲" * 500, "乙.txt": "乙"})
    path = tmp_path / "坏.zip"
    path.write_bytes(data[:-30])
    assert [code for _, code in found(path)] == ["not_readable"]
    harmed = bytearray(data)
    harmed[38:42] = bytes(4)
    path.write_bytes(harmed)
    assert ("!乙.txt", "read") in found(path)
    assert [code for _, code in found(path)].count("not_readable") == 1


def test_a_size_that_lies(tmp_path: Path) -> None:
    data = bytearray(zipped({"甲.txt": "a" * 1000}))
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 2**31)
    path = tmp_path / "谎.zip"
    path.write_bytes(data)
    assert [label for label, _ in found(path)] == ["!甲.txt"]


def test_an_office_file_without_its_main_part_is_one_damaged_document(tmp_path: Path) -> None:
    damaged = tmp_path / "表.xlsx"
    damaged.write_bytes(zipped({"xl/worksheets/sheet1.xml": b"<worksheet/>", "[Content_TMpes].xml": b"<Types/>"}))
    assert [given.label for given in expand([damaged])] == [str(damaged)]
    assert count([damaged]) == 1
    assert [one.code for one in kpi.extract(damaged).problems] == ["damaged_file"]
    within = tmp_path / "全部.zip"
    within.write_bytes(zipped({"表.xlsx": damaged.read_bytes()}))
    assert [given.name for given in expand([within])] == ["表.xlsx"]
