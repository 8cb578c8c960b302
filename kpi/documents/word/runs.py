"""The text of a Word paragraph: what is seen on the page, and what stands in the file beside it."""

from __future__ import annotations

import regex
from lxml import etree

from kpi.documents.raised import lifted, settled

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

ALTERNATIVES, TEXT_BOX = f"{_MC}AlternateContent", f"{W}txbxContent"
# What is no text of the paragraph as it stands: properties, and what a reviewer has deleted or moved away.
_LEFT_OUT = frozenset(
    W + name
    for name in ("pPr", "del", "moveFrom", "delText", "delInstrText", "rt", "sectPr", "tblPr", "sdtPr", "sdtEndPr")
)
CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
T, RUN, _RUN_PROPERTIES, _HIDDEN = f"{W}t", f"{W}r", f"{W}rPr", f"{W}vanish"
_STRUCK, _VERTICAL = (f"{W}strike", f"{W}dstrike"), f"{W}vertAlign"
_INSTRUCTION, _SIMPLE_FIELD, _BOOKMARK, _SYMBOL = f"{W}instrText", f"{W}fldSimple", f"{W}bookmarkStart", f"{W}sym"
MATH_TEXT, _MATH_POWER = f"{_MATH}t", f"{_MATH}sup"
VAL, _NAME = f"{W}val", f"{W}name"
_OFF = ("0", "false", "off")

# The font Symbol has signs of comparison where other fonts have letters; Word writes them as U+F0xx.
_SIGNS = {
    0xA3: "≤", 0xA5: "∞", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈",
    0x3D: "=", 0x3C: "<", 0x3E: ">", 0x25: "%", 0x2B: "+", 0x2D: "-", 0xB7: "·",
}  # fmt: skip
# Boxes and ticks of the fonts Wingdings and Wingdings 2.
_TICKS = {
    "wingdings": {0xFE: "☑", 0xA8: "□", 0x6F: "□", 0xFC: "√", 0xFD: "☒", 0xFB: "×", 0x6C: "●", 0x6E: "■"},
    "wingdings 2": {0x52: "☑", 0x50: "√", 0xA3: "□", 0x4F: "×", 0x54: "☒", 0x30: "☑"},
}
PRIVATE = regex.compile(r"[\uf000-\uf0ff]")


class Runs:
    """The pieces of one paragraph. ``source`` holds field codes, bookmarks and hidden text as well as what is seen."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._raised: dict[int, int] = {}  # pieces above the line: the place in ``seen`` → the place in ``source``
        self._is_raised = False
        self.source: list[str] = []
        self.boxes: list[etree._Element] = []  # text boxes that are anchored in the paragraph

    @property
    def text(self) -> str:
        """What is seen, before cleaning."""
        return "".join(self.seen)

    def add(self, text: str) -> None:
        """A piece that is seen."""
        if self._is_raised:
            self._raised[len(self.seen)] = len(self.source)
        self.seen.append(text)
        self.source.append(text)

    def settle(self) -> None:
        """Once all is collected: take out the marks of footnotes, of which ``source`` keeps a record."""
        if self._raised:
            self.seen = settled(self.seen, self._raised)
            for at, place in self._raised.items():
                self.source[place] = self.seen[at] or self.source[place]

    def collect(self, parent: etree._Element) -> None:
        """Collect the text below ``parent``."""
        for child in parent:
            tag = child.tag
            if tag == RUN:
                self._run(child)
            elif tag in (T, MATH_TEXT):
                if text := child.text:
                    self.add(_with_signs(text) if PRIVATE.search(text) else text)
            elif tag in CHARACTERS:
                self.add(CHARACTERS[tag])
            elif tag in _LEFT_OUT or not isinstance(tag, str):
                continue
            elif tag == _INSTRUCTION:
                self.source.append(child.text or "")
            elif tag == _BOOKMARK:
                if name := child.get(_NAME):
                    self.source.append(f"[bookmark: {name}]")
            elif tag == _SYMBOL:
                self.add(_symbol(child))
            elif tag == ALTERNATIVES:
                self.collect(chosen(child))
            elif tag == TEXT_BOX:
                self.boxes.append(child)
            elif tag == _MATH_POWER:
                power = Runs()
                power.collect(child)
                self.add(lifted(power.text))
            else:
                if tag == _SIMPLE_FIELD:
                    self.source.append(child.get(f"{W}instr", ""))
                self.collect(child)

    def _run(self, run: etree._Element) -> None:
        properties = run[0] if len(run) and run[0].tag == _RUN_PROPERTIES else None
        if properties is None:
            self.collect(run)
        elif _is_on(properties, _HIDDEN):
            hidden = Runs()
            for child in run:
                hidden.collect_one(child)
            self.source += hidden.source
        elif any(_is_on(properties, name) for name in _STRUCK):
            struck = Runs()
            struck.collect(run)
            self.seen += [piece for piece in struck.seen if piece.isspace()]  # lines do not run together
            self.source += struck.source
            self.boxes += struck.boxes
        elif (vertical := properties.find(_VERTICAL)) is not None and vertical.get(VAL) == "superscript":
            self._is_raised = True
            self.collect(run)
            self._is_raised = False
        else:
            self.collect(run)

    def collect_one(self, element: etree._Element) -> None:
        """Collect the text of ``element`` itself."""
        if element.tag == T:
            self.add(element.text or "")
        elif element.tag == _INSTRUCTION:
            self.source.append(element.text or "")


def _is_on(properties: etree._Element, name: str) -> bool:
    """Whether a run has a property that is on or off, such as being hidden."""
    found = properties.find(name)
    return found is not None and found.get(VAL) not in _OFF


def chosen(alternatives: etree._Element) -> etree._Element:
    """The branch of the alternatives that is read: the first choice; the others say the same for older programs."""
    return alternatives[0] if len(alternatives) else alternatives


def _symbol(element: etree._Element) -> str:
    try:
        code = int(element.get(f"{W}char", ""), 16)
    except ValueError:
        return ""
    font = element.get(f"{W}font", "").lower()
    if font in _TICKS:
        return _TICKS[font].get(code & 0xFF, "")
    if font == "symbol" or 0xF000 <= code <= 0xF0FF:
        return _SIGNS.get(code & 0xFF, "")
    return chr(code) if 0x20 <= code < 0xD800 else ""


def _with_signs(text: str) -> str:
    """``text`` with the signs of the font Symbol as the characters they show; others of its kind stay."""
    return PRIVATE.sub(lambda found: _SIGNS.get(ord(found[0]) & 0xFF, found[0]), text)
