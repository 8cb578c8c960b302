"""Comments in Excel files: their texts in the sheet's comments part, their boxes in its drawing of the old kind (VML).

A sheet that has either gets ours added; what is there stays. Where a cell has a comment, our text goes below it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lxml import etree

from kpi.documents.package import parsed
from kpi.documents.reading import Reading, Refused
from kpi.documents.sheets.sheet import column as column_number
from kpi.documents.sheets.xlsx import area_of, sheets
from kpi.explain import letters
from kpi.schema import Location
from kpi.scorecard.marked import boxes
from kpi.scorecard.marked.notes import AUTHOR, Note
from kpi.scorecard.marked.parts import OFFICE_LINKS, Parts

_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_S, _ID = f"{{{_NAMESPACE}}}", f"{{{OFFICE_LINKS}}}id"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NO_COMMENTS = f'<comments xmlns="{_NAMESPACE}"><authors/><commentList/></comments>'.encode()
_COMMENTS, _DRAWING = f"{OFFICE_LINKS}/comments", f"{OFFICE_LINKS}/vmlDrawing"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_LEGACY = f"{_S}legacyDrawing"
# What stands behind a sheet's drawing of the old kind; Excel wants this order.
_BEHIND = frozenset(
    _S + name
    for name in (
        "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
    )
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}  # fmt: skip
_MOST = 32_767  # characters of one comment
# A newer kind of comment (a thread) shows instead of the one at its cell; its author begins so.
_THREAD = "tc="
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")

Place = tuple[int, int]  # row and column, from 1


def mark(parts: Parts, notes: Sequence[Note]) -> None:
    """Add the ``notes`` to an Excel file; those at one cell make one comment."""
    main = parts.package.main("xl/workbook.xml")
    workbook = parts.package.xml(main)
    found = {} if workbook is None else dict(sheets(parts.package, main, workbook))
    if not found:
        raise Refused("damaged_file", f"缺少 {main}")
    by_sheet: dict[str, list[Note]] = {}
    for note in notes:
        named = note.location.sheet if note.location else None
        by_sheet.setdefault(named if named in found else next(iter(found)), []).append(note)
    for name, of_sheet in by_sheet.items():
        _mark_sheet(parts, found[name], name, of_sheet)


def _mark_sheet(parts: Parts, part: str, name: str, notes: Sequence[Note]) -> None:
    sheet = parts.root(part)
    if sheet is None:
        raise Refused("damaged_file", f"缺少工作表“{name}”")
    merged = [area for one in sheet.iter(f"{_S}mergeCell") if (area := area_of(one.get("ref", "")))]
    reading, firsts = Reading(), _firsts(sheet)
    by_cell: dict[Place, list[str]] = {}
    for note in notes:
        inside = note.location if note.location and note.location.sheet == name else None
        by_cell.setdefault(_seen(_cell(inside, firsts), merged, reading), []).append(note.text)
    texts = {place: "\n\n".join(by_cell[place]) for place in sorted(by_cell)}
    _write_boxes(parts, part, sheet, _write_texts(parts, part, texts))


def _firsts(sheet: etree._Element) -> dict[int, Place]:
    """The first filled cell of each row, for what is about a whole row, table or document."""
    found: dict[int, Place] = {}
    for cell in sheet.iter(f"{_S}c"):
        if len(cell) and (place := _place(cell.get("r", ""))):
            found.setdefault(place[0], place)
    return found


def _cell(location: Location | None, firsts: Mapping[int, Place]) -> Place:
    """The cell of a place; the first filled one of its row where it names no column, of the sheet where it is none."""
    if location is None or location.row is None:
        return next(iter(firsts.values()), (1, 1))
    if location.column is None:
        return firsts.get(location.row, (location.row, 1))
    return location.row, location.column


def _place(reference: str) -> Place | None:
    found = _REFERENCE.fullmatch(reference)
    return (int(found[2]), column_number(found[1]) + 1) if found else None


def _seen(place: Place, merged: Sequence[tuple[int, int, int, int]], reading: Reading) -> Place:
    """The cell that shows what a place covered by a merged cell holds."""
    reading.check_time()
    row, column = place
    for top, left, bottom, right in merged:
        if top < row <= bottom + 1 and left < column <= right + 1:
            return top + 1, left + 1
    return place


# ------------------------------------------------------------------------------------------ texts


def _write_texts(parts: Parts, sheet: str, texts: Mapping[Place, str]) -> dict[Place, str]:
    """Write the comments of a sheet; those that had no comment at their cell, and so need a box."""
    part = next((name for kind, name, _ in parts.package.targets(sheet) if kind.endswith("/comments")), None)
    root = parts.root(part) if part else None
    if part is None or root is None:
        part = parts.unused("xl/comments{}.xml")
        parts.link(sheet, _COMMENTS, part)
        parts.say_type(part, _COMMENTS_TYPE)
        root = parsed(_NO_COMMENTS)
    authors, comments = root.find(f"{_S}authors"), root.find(f"{_S}commentList")
    if authors is None or comments is None:
        raise Refused("damaged_file", f"缺少 {part} 中的批注")
    threads = {str(number) for number, author in enumerate(authors) if (author.text or "").startswith(_THREAD)}
    there = {place: one for one in comments if (place := _place(one.get("ref", "")))}
    etree.SubElement(authors, f"{_S}author").text = AUTHOR
    new: dict[Place, str] = {}
    for place, text in texts.items():
        old = there.get(place)
        if old is not None and old.get("authorId") in threads:
            text = f"（{_name(place)}）{text}"
            while place in there or place in new or place in texts:
                place = place[0], place[1] + 1
            old = None
        if old is None:
            new[place] = text
            ours = etree.SubElement(comments, f"{_S}comment", ref=_name(place), authorId=str(len(authors) - 1))
            _add(etree.SubElement(ours, f"{_S}text"), text)
        else:
            _append(old, f"\n{AUTHOR}：\n{text}")
    parts.put(part, root)
    return new


def _append(comment: etree._Element, text: str) -> None:
    """Put ``text`` below that of a comment. A text without runs becomes one, as the two do not go together."""
    body = comment.find(f"{_S}text")
    if body is None:
        body = etree.SubElement(comment, f"{_S}text")
    for plain in body.findall(f"{_S}t"):
        run = etree.Element(f"{_S}r")
        body.replace(plain, run)
        run.append(plain)
    _add(body, text)


def _add(body: etree._Element, text: str) -> None:
    run = etree.SubElement(body, f"{_S}r")
    properties = etree.SubElement(run, f"{_S}rPr")
    etree.SubElement(properties, f"{_S}sz", val="9")
    etree.SubElement(properties, f"{_S}rFont", val="宋体")
    etree.SubElement(properties, f"{_S}charset", val="134")
    cut = text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
    # ``_x0041_`` in the text of a cell is how the format writes a character.
    etree.SubElement(run, f"{_S}t", {_SPACE: "preserve"}).text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", cut)


def _name(place: Place) -> str:
    return f"{letters(place[1])}{place[0]}"


# ------------------------------------------------------------------------------------------ boxes


def _write_boxes(parts: Parts, part: str, sheet: etree._Element, texts: Mapping[Place, str]) -> None:
    """Draw a box for each new comment; the sheet itself changes only where it had no drawing of the old kind."""
    if not texts:
        return
    layout = boxes.layout_of(sheet)
    legacy = sheet.find(_LEGACY)
    number = legacy.get(_ID, "") if legacy is not None else ""
    drawing = next((name for _, name, one in parts.package.targets(part) if one == number), None)
    old = parts.raw(drawing) if drawing else None
    if drawing and old is not None:
        parts.put(drawing, boxes.added(old, texts, layout))
        return
    drawing = parts.unused("xl/drawings/vmlDrawing{}.vml")
    parts.put(drawing, boxes.drawn(texts, layout))
    parts.say_type(drawing, _DRAWING_TYPE)
    number = parts.link(part, _DRAWING, drawing)
    if legacy is None:
        legacy = etree.Element(_LEGACY)
        behind = next((at for at, child in enumerate(sheet) if child.tag in _BEHIND), len(sheet))
        sheet.insert(behind, legacy)
    legacy.set(_ID, number)
    parts.put(part, sheet)
