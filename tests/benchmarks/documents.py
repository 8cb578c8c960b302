"""Many different documents, quickly: the corpus rendered once with marks for names and values, the marks filled in.

Each file is a document of the corpus, as text or as a workbook (or Word), with an organisation, project names and
numbers of its own. Of a hundred files two are damaged (cut off, bytes changed, empty) and one is a copy of an earlier
one. The number of a file alone decides what it holds, so that any two runs make the same files.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import regex

from tests.rendering import LAYOUTS, Facts, load_all
from tests.rendering.formats import FORMATS

DAMAGED, COPIES = 2, 1  # of a hundred
_A_FOLDER = 1_000
_MARK = regex.compile(rb"Q(N|O|V)([0-9]+)Q")
# A value with one number that is no date: what may be another number in another document.
_NUMBER = regex.compile(r"^([^\d年月日]*)(\d{1,7}(?:\.\d{1,2})?)([^\d年月日]*)$")
_PLACES = ("东", "西", "南", "北", "新", "长", "安", "平", "永", "清", "临", "广", "青", "金", "石", "河")
_KINDS = ("区", "县", "市")
_OFFICES = ("教育局", "民政局", "农业农村局", "卫生健康局", "交通运输局", "水务局", "文化和旅游局", "财政局")


class Template(NamedTuple):
    """A rendered document with marks, and the numbers that stood at the marks of values."""

    suffix: str
    text: bytes | None
    members: Mapping[str, bytes]
    numbers: Sequence[str]


def _marked(facts: Facts) -> tuple[Facts, list[str]]:
    """The facts with marks in the names and in the values, and the numbers that stood there."""
    numbers: list[str] = []

    def value(text: str) -> str:
        found = _NUMBER.match(text)
        if not found:
            return text
        numbers.append(found[2])
        return f"{found[1]}QV{len(numbers) - 1}Q{found[3]}"

    projects = tuple(
        replace(
            project,
            name=f"{project.name}QN{at}Q",
            indicators=tuple(replace(one, value=value(one.value)) for one in project.indicators),
        )
        for at, project in enumerate(facts.projects)
    )
    organisation = replace(facts.organisation, name="QO0Q")
    caption = tuple(text.replace(facts.organisation.name, "QO0Q") for text in facts.around.caption)
    around = replace(facts.around, caption=caption)
    return replace(facts, organisation=organisation, around=around, projects=projects), numbers


@cache
def templates(kind: str) -> tuple[Template, ...]:
    """The corpus in one kind of file: ``text``, ``xlsx`` or ``docx``."""
    return tuple(_template(kind, *_marked(facts)) for facts in load_all())


def _template(kind: str, facts: Facts, numbers: list[str]) -> Template:
    if kind == "text":
        return Template("txt", LAYOUTS["tab_rows"](facts).encode(), {}, numbers)
    form = FORMATS["excel" if kind == "xlsx" else "word"]
    with zipfile.ZipFile(io.BytesIO(form(facts))) as archive:
        return Template(form.suffix, None, {name: archive.read(name) for name in archive.namelist()}, numbers)


KINDS = ("text", "xlsx")


def document(number: int, kinds: Sequence[str] = KINDS, *, damaged: bool = True) -> tuple[str, bytes]:
    """The file of that number: its name and its bytes."""
    choose = random.Random(number)
    share = choose.randrange(100)
    if damaged and number and share < COPIES:
        _, data = document(choose.randrange(number), kinds)
        return f"{number:07}.{'xlsx' if data.startswith(b'PK') else 'txt'}", data
    kind = kinds[number % len(kinds)]
    template = choose.choice(templates(kind))
    data = _filled(template, choose)
    if damaged and share < COPIES + DAMAGED:
        data = _damaged(data, choose)
    return f"{number:07}.{template.suffix}", data


def _filled(template: Template, choose: random.Random) -> bytes:
    place = f"{choose.choice(_PLACES)}{choose.choice(_PLACES)}{choose.choice(_KINDS)}"
    office = f"{place}{choose.choice(_OFFICES)}".encode()
    code = choose.randrange(10**6)

    def fill(found: regex.Match[bytes]) -> bytes:
        match found[1]:
            case b"O":
                return office
            case b"N":
                return f"（{place}{code}-{int(found[2]) + 1}）".encode()
            case _:
                return _number(template.numbers[int(found[2])], choose)

    if template.text is not None:
        return _MARK.sub(fill, template.text)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in template.members.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, _MARK.sub(fill, data) if name.endswith(".xml") else data)
    return out.getvalue()


def _number(text: str, choose: random.Random) -> bytes:
    """Another number of about the same size; a whole hundred, as in 100%, mostly stays."""
    if text == "100" and choose.random() < 0.8:
        return text.encode()
    exact = Decimal(text) * choose.randrange(80, 101) / 100
    return str(exact.quantize(Decimal(1).scaleb(exact_places(text))).normalize() + 0).encode()


def exact_places(text: str) -> int:
    """The exponent of the last digit of a number as written."""
    return -len(text.partition(".")[2])


def _damaged(data: bytes, choose: random.Random) -> bytes:
    how: Callable[[], bytes] = choose.choice((
        lambda: data[: choose.randrange(1, len(data))],
        lambda: b"",
        lambda: bytes(choose.randrange(256) if choose.random() < 0.02 else byte for byte in data),
    ))  # fmt: skip
    return how()


def write(folder: Path, count: int, kinds: Sequence[str] = KINDS, *, damaged: bool = True) -> None:
    """Write ``count`` files into folders of a thousand."""
    for number in range(count):
        name, data = document(number, kinds, damaged=damaged)
        into = folder / f"{number // _A_FOLDER:04}"
        if number % _A_FOLDER == 0:
            into.mkdir(parents=True, exist_ok=True)
        (into / name).write_bytes(data)
