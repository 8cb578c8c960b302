"""What a batch gives out: its results and its scorecard, as reviewers left them."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient

import kpi
from api import scorecard
from api.store import corrections, decisions
from kpi.correcting import Cell
from tests.api.browsing import BROWSER, shown, signed_in
from tests.api.samples import refused
from tests.api.test_batches import over, results, send

TEXT = (
    "项目名称：培训\n\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t培训场次\t≥12场\n"
    "\t时效指标\t完成时间\t按时完成\n效益指标\t社会效益指标\t服务能力\t进一步提高\n"
    "\t可持续影响指标\t机制健全程度\t不断健全\n满意度指标\t满意度指标\t学员满意\t较好\n"
)
FIXED = "较上年提高≥5个百分点"
SAID = "已按审核人的处理计算：更正 1 个单元格，不采纳 1 个问题（不扣分），修改 1 条建议。"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def batch(client: TestClient) -> str:
    """A batch in which one cell was put right, one finding dismissed, one suggestion edited."""
    made = send(client, {"一.txt": TEXT.encode(), "坏.docx": b"PK\x03\x04"}, data={"title": "某县"})
    over(client, made)
    store = client.app.state.service.store  # type: ignore[attr-defined]
    fixed = corrections.add(store, made, 0, [Cell(0, 2, "raw_value", FIXED)], "张三")
    assert fixed is not None
    first, second = fixed.review.findings[:2]
    decisions.add(store, [(first.id, first.rule)], "dismiss", "本地惯例", "李四")
    decisions.add(store, [(second.id, second.rule)], "edit", "写明完成的月份", "张三")
    return made


@pytest.fixture(autouse=True)
def forgotten(client: TestClient) -> Iterator[None]:
    """Decisions hold for every upload of the document; the next test begins without."""
    yield
    store = client.app.state.service.store  # type: ignore[attr-defined]
    with store.write() as connection:
        connection.exec_driver_sql("DELETE FROM decisions")


def test_results_are_as_reviewers_left_them(client: TestClient, batch: str) -> None:
    line, bad = results(client, batch)
    rows = line["extraction"]["projects"][0]["indicators"]
    assert (rows[2]["raw_value"], rows[2]["value"]["kind"]) == (FIXED, kpi.parse_value(FIXED).kind)
    assert ("VAG002", 2) not in {(found["rule"], found["indicator"]) for found in line["review"]["findings"]}
    [said] = line["corrections"]
    assert said["before"] == "进一步提高"
    assert (said["after"], said["field"], said["reviewer"]) == (FIXED, "raw_value", "张三")
    assert [(one["state"], one["reason"], one["suggestion"]) for one in line["decisions"]] == [
        ("dismissed", "本地惯例", None), ("open", None, "写明完成的月份"),
    ]  # fmt: skip
    assert {one["finding"] for one in line["decisions"]} <= {found["id"] for found in line["review"]["findings"]}
    assert "corrections" not in bad
    assert bad["state"] == "failed"


def _cells(response: Any) -> dict[str, list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return {sheet.title: [f"{c.value}" for row in sheet for c in row if c.value is not None] for sheet in book}


def test_the_workbook_has_decisions_and_corrections(client: TestClient, batch: str) -> None:
    response = client.get(f"/v1/batches/{batch}/scorecard.xlsx")
    assert (response.status_code, response.headers["content-type"]) == (200, XLSX)
    assert response.headers["content-disposition"].startswith("attachment; filename*=utf-8''%E6%9F%90%E5%8E%BF_")
    cells = _cells(response)
    assert SAID in cells["总览"]
    assert FIXED in cells["指标明细"]
    assert "进一步提高" not in cells["指标明细"]
    found = results(client, batch)[0]["review"]["findings"]
    assert "写明完成的月份" in cells["问题清单"]
    assert sum(cell in {one["id"] for one in found} for cell in cells["问题清单"]) in (0, len(found) - 1)
    assert found[0]["message"] not in cells["问题清单"]
    assert any("坏.docx" in cell for cell in cells["总览"])


def test_the_report_has_them_too_and_is_a_download(client: TestClient, batch: str) -> None:
    response = client.get(f"/v1/batches/{batch}/scorecard.html")
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith("attachment;")
    assert "更正 1 个单元格，不采纳 1 个问题（不扣分）" in response.text
    assert FIXED in response.text
    assert "进一步提高" not in response.text.partition('id="rules"')[0]


def test_a_dismissed_finding_costs_nothing(client: TestClient, batch: str) -> None:
    def reached() -> list[str]:
        return _cells(client.get(f"/v1/batches/{batch}/scorecard.xlsx"))["项目评分"]

    before = reached()
    store = client.app.state.service.store  # type: ignore[attr-defined]
    found = results(client, batch)[0]["review"]["findings"]
    decisions.add(store, [(one["id"], one["rule"]) for one in found], "dismiss", "x", "李四")
    assert reached() != before


def test_a_batch_that_is_not_read_yet_has_no_scorecard(faulty: TestClient) -> None:
    batch = send(faulty, {"一.txt": b"mock:sleep 1\n" + TEXT.encode()})
    refused(faulty.get(f"/v1/batches/{batch}/scorecard.xlsx"), 409, "not_done")
    over(faulty, batch)
    assert faulty.get(f"/v1/batches/{batch}/scorecard.html").status_code == 200
    refused(faulty.get("/v1/batches/abc/scorecard.html"), 404, "unknown_batch")


def test_others_are_answered_while_a_scorecard_is_written(client: TestClient, batch: str) -> None:
    """The writing is another process's: a first one takes seconds to begin, in which others are answered."""
    with ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(client.get, f"/v1/batches/{batch}/scorecard.{kind}") for kind in ("xlsx", "html")]
        answered = 0
        while not all(one.done() for one in writing):
            answered += client.get("/healthz").status_code == 200
        assert answered > 3
        assert [one.result().status_code for one in writing] == [200, 200]


def test_the_review_sheet_says_what_people_changed(client: TestClient, batch: str) -> None:
    signed_in(client)
    sheet = client.get(f"/batches/{batch}/d/0/p/0/sheet.xlsx", headers=BROWSER)
    assert SAID in _cells(sheet)["审核意见表"]
    form = client.get(f"/batches/{batch}/d/0/p/0/sheet.docx", headers=BROWSER)
    assert "更正 1 个单元格" in zipfile.ZipFile(io.BytesIO(form.content)).read("word/document.xml").decode()
    client.cookies.clear()


def test_the_tables_as_csv(client: TestClient, batch: str) -> None:
    response = client.get(f"/v1/batches/{batch}/scorecard.csv.zip")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        tables = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert set(tables) == {"projects.csv", "indicators.csv", "findings.csv"}
    assert FIXED in tables["indicators.csv"]
    assert "进一步提高" not in tables["findings.csv"]
    assert "写明完成的月份" in tables["findings.csv"]


def test_the_page_of_a_batch_offers_what_there_is(client: TestClient, batch: str) -> None:
    empty = send(client, {"坏.docx": b"PK\x03\x04"})
    over(client, empty)
    signed_in(client)
    try:
        offered = _downloads(client, batch)
        assert [link.rpartition("/")[2] for link in offered] == [
            "scorecard.xlsx", "scorecard.html", "scorecard.csv.zip", "results.jsonl",
        ]  # fmt: skip
        for link in offered:
            given = client.get(link, headers=BROWSER)
            assert given.status_code == 200
            assert given.content
        assert [link.rpartition("/")[2] for link in _downloads(client, empty)] == ["results.jsonl"]
    finally:
        client.cookies.clear()


def _downloads(client: TestClient, batch: str) -> list[str]:
    found: list[str] = shown(client.get(f"/batches/{batch}", headers=BROWSER)).xpath("//a[@download]/@href")
    return found


def test_what_a_killed_service_left_of_scorecards_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, new = scorecard.folder(), scorecard.folder()
    (old / "shards").mkdir()
    os.utime(old, (0, 0))
    scorecard.sweep(600)
    assert list(tmp_path.iterdir()) == [new]


def test_a_full_disk_gives_no_scorecard(client: TestClient, batch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorecard, "folder", lambda: Path("/dev/null/nowhere"))
    problem = refused(client.get(f"/v1/batches/{batch}/scorecard.xlsx"), 503, "not_written")
    assert "临时文件夹" in problem["detail"]
