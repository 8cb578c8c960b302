"""The rendered documents, and what every answer of the service is checked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

RENDERED = Path(__file__).parents[2] / "corpus" / "documents" / "rendered"
DOCUMENT = RENDERED / "nanguan-2024.tab_rows.txt"
GB18030 = RENDERED / "nanguan-2024.tab_rows.gb18030.txt"
UTF16 = RENDERED / "nanguan-2024.tab_rows.utf16.txt"
UTF8_BOM = RENDERED / "nanguan-2024.tab_rows.utf8bom.txt"

TABLE = "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t时效指标\t完成时间\t12月底前\n\t数量指标\t场次\t≥12场\n"


def answered(response: Any) -> dict[str, Any]:
    """The body of a successful answer."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    body: dict[str, Any] = response.json()
    return body


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    """The body of an error answer: a problem of that status and code, in Chinese."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, "about:blank")
    assert all(any("\u4e00" <= char <= "\u9fff" for char in problem[text]) for text in ("title", "detail"))
    return problem
