"""Where a finding stands in its source: the excerpt of a text, the picture of a PDF's page."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from PIL import Image

import kpi
from api.pages.source import excerpt
from api.picture import page_image, png
from kpi.processes import Child
from kpi.schema import Location
from tests.api.samples import RENDERED

PDF = RENDERED / "nandagang-2020.ruled.pdf"
TEXT = "".join(f"第{n}行\n" for n in range(1, 101))


@pytest.mark.parametrize("line", [1, 2, 50, 99, 100])
def test_the_lines_around_a_place(line: int) -> None:
    start = TEXT.index(f"第{line}行")
    found = excerpt(TEXT, Location(start=start, end=start + 3))
    assert found is not None
    assert found.marked == TEXT[start : start + 3]
    lines = (found.before + found.marked + found.after).split("\n")
    assert lines[0] == f"第{found.first}行"
    assert line - found.first <= 5
    assert found.before + found.marked + found.after in TEXT
    assert len(lines) <= 12


@pytest.mark.parametrize(
    "place", [Location(), Location(start=5), Location(start=3, end=2), Location(start=0, end=10**6)]
)
def test_no_excerpt_of_a_place_that_is_not_there(place: Location) -> None:
    assert excerpt(TEXT, place) is None


def test_a_line_without_end_is_cut() -> None:
    found = excerpt("长" * 100_000, Location(start=50_000, end=90_000))
    assert found is not None
    assert max(map(len, (found.before, found.marked, found.after))) <= 6_000


def marked_at(picture: bytes) -> set[tuple[int, int]]:
    """The pixels of the edge around what is marked."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    pixels = image.tobytes()
    edge = bytes((11, 92, 173))
    places = (at // 3 for at in range(0, len(pixels), 3) if pixels[at : at + 3] == edge)
    return {(at % image.width, at // image.width) for at in places}


def test_the_value_is_marked_in_its_own_cell() -> None:
    row = kpi.extract(PDF).projects[0].indicators[2]
    assert row.name == "财政投入水平"
    assert row.location.page is not None
    child = Child("api.picture:page_image")
    picture = child.call(PDF.read_bytes(), row.location.page, row.name, (row.raw_value,), seconds=60)
    child.end()
    assert picture.found
    columns = sorted({x for x, _ in marked_at(picture.png)})
    gaps = [other - one for one, other in pairwise(columns) if other - one > 20]
    # Two places, the name and the value; the description between them holds the same amount and is left alone.
    assert len(gaps) == 1
    assert gaps[0] > 150
    lines = sorted({y for _, y in marked_at(picture.png)})
    assert lines[-1] - lines[0] < 40


def test_what_is_not_there_is_not_marked() -> None:
    picture = page_image(PDF.read_bytes(), 1, "没有这个指标", ("没有这个值",))
    assert picture is not None
    assert not picture.found
    assert marked_at(picture.png) == set()
    assert page_image(PDF.read_bytes(), 10_000, "", ()) is None
    assert page_image(b"%PDF-1.4 nothing", 1, "", ()) is None


def test_a_png_is_one() -> None:
    pixels = bytes(range(2 * 12))
    image = Image.open(io.BytesIO(png(pixels, 12, 3, 2)))
    assert image.size == (3, 2)
    assert image.tobytes() == pixels[:9] + pixels[12:21]
