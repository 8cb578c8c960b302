"""The catalogue of problems: stable code, Chinese sentence, and whether the input counts as unread (exit code 3)."""

from __future__ import annotations

from typing import NamedTuple

from kpi.schema import Location, Problem


class Kind(NamedTuple):
    """One entry of the catalogue; ``message`` may hold ``{detail}``."""

    message: str
    unread: bool


CATALOGUE: dict[str, Kind] = {
    "empty_document": Kind("文件是空的，没有可读的内容。", True),
    "not_found": Kind("找不到文件：{detail}。", True),
    "not_readable": Kind("文件打不开：{detail}。", True),
    "not_text": Kind("文件不是文本，内容无法识别。", True),
    "unsupported_format": Kind("不能读取 {detail} 格式；可以读 Word、Excel、PDF、网页和文本文件。", True),
    "damaged_file": Kind("文件已损坏，无法打开：{detail}。", True),
    "encrypted": Kind("文件有密码保护，请去掉密码后再试。", True),
    "needs_libreoffice": Kind("读取 {detail} 格式需要本机装有 LibreOffice；也可以另存为 docx 或 xlsx 后再试。", True),
    "no_text_layer": Kind(
        "这份 PDF 是扫描件，没有文字层；请先做文字识别（OCR），或者用原始的 Word、Excel 文件。", True
    ),
    "pages_without_text": Kind("第 {detail} 页没有文字层（像是扫描件），未能读取；其余各页已读。", False),
    "pages_not_read": Kind("第 {detail} 页已损坏或过于复杂，未能读取。", True),
    "incomplete_file": Kind("文件末尾不完整（可能没有下载完），只读取了完好的部分。", False),
    "out_of_time": Kind("读取超过时间上限（{detail} 秒），其余部分未读。", True),
    "too_deep": Kind("文件嵌套层数超过上限（{detail}）。", True),
    "too_many_pages": Kind("页数超过上限，只读取了前 {detail} 页。", False),
    "too_many_cells": Kind("单元格超过上限，只读取了前 {detail} 个。", False),
    "too_many_columns": Kind("表格列数超过上限，只读取了前 {detail} 列。", False),
    "unknown_encoding": Kind("文字编码无法识别（支持 UTF-8、UTF-16、GB18030）。", True),
    "too_large": Kind("文件超过大小上限（{detail}）。", True),
    "too_many_files": Kind("压缩包内文件超过上限，只读取了前 {detail} 个。", True),
    "cut_off": Kind("文件末尾不完整，最后一个字未能读出。", False),
    "damaged_text": Kind("文件中有 {detail} 个字节已损坏，读作“\ufffd”，请核对原文。", False),
    "too_many_rows": Kind("表格行数超过上限，只读取了前 {detail} 行。", False),
    "too_many_figures": Kind("正文中的金额超过上限，只读取了前 {detail} 个。", False),
    "rows_not_separated": Kind("表格各格之间没有分隔，只读取了能确定的行，其余请核对原文。", False),
    "columns_not_read": Kind("表中另有指标值列“{detail}”，未能读取。", False),
    "formula_without_result": Kind(
        "有 {detail} 个单元格只有公式、没有保存计算结果，未能读取；请用 Excel 或 WPS 打开并保存后再试。", False
    ),
    "not_markable": Kind(
        "{detail} 格式不能加批注，只有 Word（docx）和 Excel（xlsx）文件可以；请另存后再试，或者用审核意见、问题清单。",
        False,
    ),
    "no_target_table": Kind("没有找到绩效目标表：要有“一级指标、二级指标、三级指标、指标值”这样的表头行。", False),
}


def problem(code: str, detail: str = "", location: Location | None = None) -> Problem:
    """The problem of that ``code``, its sentence filled in."""
    return Problem(code=code, message=CATALOGUE[code].message.format(detail=detail), location=location)


def unread(problems: tuple[Problem, ...]) -> bool:
    """Whether any of ``problems`` means that the input was not read."""
    return any(CATALOGUE[p.code].unread for p in problems)
