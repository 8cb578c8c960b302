"""``POST /v1/extract`` with files of office programs: they read as their text does, and say why where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import kpi
from api.app import create_app
from api.settings import Settings
from kpi import documents
from tests.api.samples import DOCUMENT, answered, refused
from tests.office import as_docx, as_xlsx, excel, word, zipped


@pytest.mark.parametrize("make", [as_docx, as_xlsx])
@pytest.mark.parametrize("name", ["预算.docx", "预算.xls", "预算.txt"])
def test_office_files(client: TestClient, make: object, name: str) -> None:
    assert callable(make)
    expected = kpi.extract(DOCUMENT)
    data = make(documents.read(DOCUMENT))
    extraction = answered(client.post("/v1/extract", files={"file": (name, data)}))["extraction"]
    found = [[i["raw_value"] for i in project["indicators"]] for project in extraction["projects"]]
    assert found == [[i.raw_value for i in project.indicators] for project in expected.projects]
    assert extraction["source"]["name"] == name


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (zipped({"a.txt": "文本"}), 415, "unsupported_format"),
        (zipped({"ppt/presentation.xml": "", "[Content_Types].xml": "presentationml"}), 415, "unsupported_format"),
        (word("")[:-30], 422, "damaged_file"),
        (word("<w:sdt>" * 5000 + "</w:sdt>" * 5000), 422, "too_deep"),
        (word(""), 422, "empty_document"),
        (excel("<sheetData/>"), 422, "empty_document"),
    ],
)
def test_what_is_not_read(client: TestClient, data: bytes, status: int, code: str) -> None:
    refused(client.post("/v1/extract", files={"file": ("预算.docx", data)}), status, code)


def test_a_format_that_needs_a_program_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with TestClient(create_app(Settings(data=tmp_path, database="", workers=1, open=True))) as client:
        refused(client.post("/v1/extract", files={"file": ("预算.doc", b"{\\rtf1 text}")}), 415, "needs_libreoffice")
