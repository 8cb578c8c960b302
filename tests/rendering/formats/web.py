"""Web pages: tables with rowspan and colspan among headings and paragraphs, as a new site writes them or an old one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from ..blocks import Block, Caption, Heading, PageBreak, Row, Section, Table, TableTitle, TargetTable
from ..blocks import spots as spots_of

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>td {{ border: 1px solid #999 }}</style>
<script>var ready = "<table><tr><td>一级指标</td></tr></table>";</script>
</head>
<body>
<ul><li><a href="/">首页</a></li><li><a href="/list">信息公开</a></li></ul>
<div class="article">
{body}
</div>
</body>
</html>
"""
_OLD_PAGE = """<HTML><HEAD>
<META http-equiv=Content-Type content="text/html; charset=gb2312">
<TITLE>{title}</TITLE></HEAD>
<BODY>
<TABLE width=980 border=0><TR><TD>首页<TD>信息公开<TD>办事指南</TABLE>
<TABLE width=980 border=0><TR><TD width=200>当前位置：信息公开<TR><TD id=zoom>
{body}
</TABLE>
</BODY></HTML>
"""


def web(blocks: Iterable[Block]) -> bytes:
    """Writes a document as a page in UTF-8, as a content management system shows it."""
    blocks = list(blocks)
    body = "\n".join(part for block in blocks for part in _parts(block))
    return _PAGE.format(title=_title(blocks), body=body).encode()


def old_web(blocks: Iterable[Block]) -> bytes:
    """Writes a document as a page of an old site: in GBK, within a table that lays out the page, tags left open."""
    blocks = list(blocks)
    body = "\n".join(part for block in blocks for part in _old_parts(block))
    return _OLD_PAGE.format(title=_title(blocks), body=body).encode("gb18030")


def _title(blocks: Iterable[Block]) -> str:
    return next((_text(block.text) for block in blocks if isinstance(block, Heading)), "")


def _old_parts(block: Block) -> Iterator[str]:
    match block:
        case Caption(texts):
            yield "<BR>".join(_text(text) for text in texts if text) + "<BR>"
        case Table() | TargetTable():
            yield _table(block.rows).replace("</td>", "").replace("</tr>", "").replace("<p>", "").replace("</p>", "")
        case PageBreak():
            pass
        case _:
            yield f"　　{_text(block.text)}<BR>"


def _parts(block: Block) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f"<h1>{_text(text)}</h1>"
        case Section(text):
            yield f"<h2>{_text(text)}</h2>"
        case TableTitle(text):
            yield f'<p style="text-align: center"><strong>{_text(text)}</strong></p>'
        case Caption(texts):
            yield from (f"<p><span>{_text(text)}</span></p>" for text in texts if text)
        case Table() | TargetTable():
            yield _table(block.rows)
        case PageBreak():
            yield '<div style="page-break-after: always"></div>'
        case _:
            yield f"<p>&emsp;&emsp;{_text(block.text)}</p>"


def _table(rows: tuple[Row, ...]) -> str:
    lines: list[list[str]] = [[] for _ in rows]
    for spot in spots_of(rows):
        down = f' rowspan="{spot.rows}"' if spot.rows > 1 else ""
        right = f' colspan="{spot.columns}"' if spot.columns > 1 else ""
        lines[spot.row].append(f"<td{down}{right}><p>{_text(spot.cell.text) or '&nbsp;'}</p></td>")
    return "<table><tbody>\n" + "\n".join(f"<tr>{''.join(cells)}</tr>" for cells in lines) + "\n</tbody></table>"


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
