"""Web pages and archives → blocks."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from kpi import documents
from kpi.documents import Document

TABLE = "<table><tr><th>一级指标<th>二级指标<th>三级指标<th>指标值<tr><td>产出<td>数量<td>次数<td>≥3次</table>"
ROWS = [("一级指标", "二级指标", "三级指标", "指标值"), ("产出", "数量", "次数", "≥3次")]


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def grids(document: Document) -> list[list[tuple[str, ...]]]:
    return [[tuple(cell.text for cell in row) for row in table.rows] for table in document.tables]


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


def test_spans_and_unclosed_tags() -> None:
    document = documents.read(
        page("<table><tr><td rowspan=2>产出<td colspan='2'>≥90%<div>x<tr><td>甲<td>乙<tr><td>丙<td><td>丁</table>")
    )
    assert grids(document) == [[("产出", "≥90% x", ""), ("", "甲", "乙"), ("丙", "", "丁")]]
    assert document.problems == ()


def test_a_span_without_end_ends_with_its_group_of_rows() -> None:
    document = documents.read(
        page(
            "<table><thead><tr><th rowspan=0>一级<th>二级<tr><th>三级<tfoot><tr><td>注<td>丁</tfoot>"
            "<tbody><tr><th rowspan=0>产出<td>甲<tr><td>乙<tbody><tr><td rowspan=0>效益<td>丙<tr><td>己</table>"
        )
    )
    assert grids(document) == [
        [("一级", "二级"), ("", "三级"), ("产出", "甲"), ("", "乙"), ("效益", "丙"), ("", "己"), ("注", "丁")]
    ]


def test_places() -> None:
    document = documents.read("<p>说明</p>\n\n<table><tr><td>甲</td>\n<td>乙</td></tr></table>".encode())
    assert [p.location.line for p in document.paragraphs] == [1]
    table = next(document.tables)
    assert table.location(0, 1).model_dump(exclude_none=True) == {"line": 4, "table": 1, "row": 1, "column": 2}


def test_lines_that_the_parser_cannot_count_are_not_told() -> None:
    data = (
        "<!DOCTYPE html><body>"
        + "\n" * 65_000
        + "".join(f"<p>第{number}行</p>\n" for number in range(65_001, 66_001))
        + TABLE
    )
    document = documents.read(data.encode(), "a.html")
    lines = {int(block.text[1:-1]): block.location.line for block in document.paragraphs}
    assert len(lines) == 1000
    assert all(line == (number if number < 65_535 else None) for number, line in lines.items())
    table = next(document.tables)
    assert table.location(0, 0).line is None


def test_a_foot_stands_at_the_end_and_a_caption_before() -> None:
    body = (
        "<table><caption>表一</caption><thead><tr><th>名<th>值</thead><tfoot><tr><td>合计<td>2</tfoot>"
        "<tbody><tr><td>甲<td>2</tbody></table>"
    )
    document = documents.read(page(body))
    assert grids(document) == [[("名", "值"), ("甲", "2"), ("合计", "2")]]
    assert texts(document) == ["表一"]


def test_lines_of_a_cell_and_text_that_is_not_shown() -> None:
    document = documents.read(
        page(
            "<table><tr><td>目标1：建成。<br>目标2：<p>运行。</p><script>x()</script><td>值<!-- 批注 -->"
            "<span style='color:red;display: none'>隐藏</span><template>模板</template><noscript>无脚本</noscript>"
            "<tr style='display:none'><td>甲<td>乙<tr><td>&ge;3&nbsp;个<td hidden>丙<td>&lt;5</table>"
        )
    )
    assert grids(document) == [[("目标1：建成。目标2：运行。", "值"), ("≥3 个", "<5")]]


def test_tables_that_frame_the_page_give_their_text_and_the_tables_in_them() -> None:
    document = documents.read(
        page(
            "<table><tr><td>首页 | 公开</td></tr><tr><td><table><tr><td>栏目</td><td><h1>绩效目标表</h1>"
            f"{TABLE}<p>填表人</p></td></tr></table></td></tr></table>"
        )
    )
    assert grids(document) == [ROWS]
    assert texts(document) == ["首页 | 公开", "栏目", "绩效目标表", "填表人"]


def test_a_table_in_a_cell_of_data_is_a_table_of_its_own() -> None:
    inner = "<table><tr><td>甲<td>1<tr><td>乙<td>2</table>"
    document = documents.read(page(f"<table><tr><td>名<td>值<tr><td>丙<td>见下{inner}<tr><td>丁<td>4</table>"))
    assert grids(document) == [[("名", "值"), ("丙", "见下"), ("丁", "4")], [("甲", "1"), ("乙", "2")]]


def test_rows_without_a_table_as_they_are_pasted() -> None:
    document = documents.read("<tr><td>甲<td>乙</tr><tr><td>丙<td>丁</tr><p>说明</p>".encode())
    assert grids(document) == [[("甲", "乙"), ("丙", "丁")]]
    assert texts(document) == ["说明"]


def test_paragraphs_from_blocks_and_the_text_between_them() -> None:
    document = documents.read(
        page(
            "一、概况<div>本单位<b>职责</b>是<ul><li>第一条<li>第二\n  条</ul></div>其余<p>单位：某局　　金额：万元</p>"
        )
    )
    assert texts(document) == ["一、概况", "本单位职责是", "第一条", "第二条", "其余", "单位：某局", "金额：万元"]


def test_what_word_and_wps_save() -> None:
    head = "<!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]--><style>p.MsoNormal{}</style>"
    body = (
        "<p class=MsoNormal><![if !supportLists]><span style='mso-list:Ignore'>一、</span><![endif]>目标<o:p></o:p></p>"
        "<table class=MsoTable><tr style='mso-yfti-irow:0'><td width=90><p class=MsoNormal><span lang=EN-US>12"
        "<o:p>&nbsp;</o:p></span></p></td><td style='mso-hide:all'>x</td><td><p>次\n  数</p></td></tr></table>"
    )
    document = documents.read(page(body, head))
    assert texts(document) == ["一、目标"]
    assert grids(document) == [[("12", "次数")]]


def test_a_sheet_that_a_finance_system_exports_as_xls() -> None:
    data = (
        "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><meta http-equiv=Content-Type "
        "content='text/html; charset=gb2312'><table border=1><tr><td x:num='0.95'>≥95%</td><td>瀞㐀</td></tr></table>"
    ).encode("gb18030")
    assert grids(documents.read(data, "导出.xls")) == [[("≥95%", "瀞㐀")]]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("utf-8", "gb2312"), ("utf-8", None), ("utf-8-sig", "gbk"), ("utf-8", "no-such-charset"), ("gb18030", "gbk"),
        ("gb18030", None), ("gb18030", "utf-8"), ("utf-16", "utf-8"), ("big5", "big5"),
    ],
)  # fmt: skip
def test_charsets_said_and_lied_about(written: str, said: str | None) -> None:
    meta = f"<meta charset='{said}'>" if said else ""
    body = "<p>指標值</p>" if written == "big5" else "<p>绩效目标表</p>"
    document = documents.read(page(body, meta).decode().encode(written))
    assert texts(document) == ["指標值" if written == "big5" else "绩效目标表"]
    assert document.problems == ()


def test_broken_bytes_are_replaced_and_counted() -> None:
    data = page("<p>" + "绩效目标" * 50, "<meta charset=gbk>").decode().encode("gbk") + b"\xff\x80</p>"
    document = documents.read(data)
    assert texts(document)[0].startswith("绩效目标")
    assert codes(document) == ["damaged_text"]


def archive(*parts: str) -> bytes:
    return "\r\n".join(
        [
            "From: <saved>",
            "MIME-Version: 1.0",
            'Content-Type: multipart/related; boundary="-=b"',
            "",
            *parts,
            "---=b--",
            "",
        ]
    ).encode()


def test_web_archives() -> None:
    quoted = "<p>=E7=BB=A9=E6=95=88</p>"
    encoded = "PHRhYmxlPjx0cj48dGQ+5LqnPC90ZD48dGQ+5Ye6PC90ZD48L3RyPjx0cj48dGQ+MTwvdGQ+PHRkPjI8L3RkPjwvdHI+PC90YWJsZT4="
    document = documents.read(
        archive(
            "---=b",
            'Content-Type: text/html; charset="utf-8"',
            "Content-Transfer-Encoding: quoted-printable",
            "",
            quoted,
            "---=b",
            "Content-Type: image/png",
            "Content-Transfer-Encoding: base64",
            "",
            "AAAA",
            "---=b",
            "Content-Type: text/html",
            "Content-Transfer-Encoding: base64",
            "",
            encoded,
        )
    )
    assert texts(document) == ["绩效"]
    assert grids(document) == [[("产", "出"), ("1", "2")]]
    assert document.source.media_type == "multipart/related"


def test_a_mail_that_is_one_page() -> None:
    message = EmailMessage()
    message.set_content(page("<p>绩效目标</p>").decode(), subtype="html", charset="gb18030", cte="base64")
    assert texts(documents.read(message.as_bytes())) == ["绩效目标"]
