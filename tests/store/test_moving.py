"""Export and import of what reviewers said, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import kpi
from api.store import batches, corrections, decisions, moving, sheets
from api.store import tables as t
from api.store.batches import Incoming
from api.store.store import Store, sqlite_url
from api.store.times import now
from kpi.configuration import Config
from kpi.correcting import Cell
from kpi.schema import Review
from tests.store.test_store import INCOMING, TEXT


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """Another store, in which nobody said anything."""
    opened = Store(sqlite_url(tmp_path / "other.db"))
    yield opened
    opened.close()


def read(store: Store, incoming: list[Incoming] = INCOMING[:1]) -> tuple[str, Review]:
    """A batch with its document read."""
    batch = batches.create(store, incoming, creator="张三", title="一批")
    claimed = batches.claim(store)
    assert claimed is not None
    extraction = kpi.extract(claimed.content, filename=claimed.label)
    review = kpi.review(extraction)
    batches.finish(store, batch, claimed.number, extraction, review)
    return batch, review


def said_of(store: Store) -> tuple[str, Review]:
    """A batch of which something of every kind was said."""
    batch, review = read(store)
    first, second = review.findings[:2]
    decisions.add(store, [(first.id, first.rule)], "dismiss", "本地\n惯例", "李四")
    decisions.add(store, [(second.id, second.rule)], "note", "再看看", "张三")
    for value in ("较上年提高≥5个百分点", "较上年提高≥6个百分点"):
        corrections.add(store, batch, 0, [Cell(0, 2, "raw_value", value)], "张三")
    filled = sheets.Filled(blocks={"完整性": sheets.BlockFilled(points=Decimal("2.5"))}, grade="良", opinion="可")
    sheets.save(store, batch, 0, 0, filled, "张三")
    return batch, review


def take_in(store: Store, lines: list[str]) -> tuple[int, ...]:
    return tuple(moving.take_in(store, moving.parsed(lines), Config()))


def test_everything_comes_to_another_store_once(store: Store, other: Store) -> None:
    batch, review = said_of(store)
    lines = list(moving.lines(store))
    assert [json.loads(line)["kind"] for line in lines] == ["decision"] * 2 + ["correction"] * 2 + ["sheet"]
    assert json.loads(lines[0])["finding"] == review.findings[0].id
    assert take_in(store, lines) == (0, 0, 0, 0, 0)

    assert take_in(other, lines) == (2, 0, 0, 3, 0)  # the document is not there
    there, _ = read(other, [Incoming("别名.txt", TEXT.encode())])
    assert take_in(other, lines) == (0, 2, 1, 0, 0)
    assert take_in(other, lines) == (0, 0, 0, 0, 0)
    ids = [finding.id for finding in review.findings]
    assert {key: one.state for key, one in decisions.standing(other, ids).items()} == {
        review.findings[0].id: "dismissed",
        review.findings[1].id: "open",
    }
    assert corrections.listed(other, there, 0) == corrections.listed(store, batch, 0)
    here, gone = batches.document(other, there, 0), batches.document(store, batch, 0)
    assert here is not None
    assert gone is not None
    assert here.review == gone.review
    assert sheets.listed(other, there, 0, 0, 5)[0][1:] == sheets.listed(store, batch, 0, 0, 5)[0][1:]


def test_what_is_taken_in_late_does_not_overrule_what_was_said_later(store: Store, other: Store) -> None:
    _, review = said_of(store)
    finding = review.findings[0]
    there, _ = read(other)
    decisions.add(other, [(finding.id, finding.rule)], "accept", None, "王五")
    corrections.add(other, there, 0, [Cell(0, 2, "raw_value", "≥7%")], "王五")
    sheets.save(other, there, 0, 0, sheets.Filled(grade="优"), "王五")
    assert take_in(other, list(moving.lines(store)))[:3] == (2, 2, 1)
    assert decisions.standing(other, [finding.id])[finding.id].state == "accepted"
    assert corrections.listed(other, there, 0)[-1].cell.text == "≥7%"
    newest = sheets.newest(other, there, 0, 0)
    assert newest is not None
    assert newest.filled.grade == "优"
    assert [one.version for one in sheets.listed(other, there, 0, 0, 5)] == [2, 1]
    sheets.save(other, there, 0, 0, sheets.Filled(grade="中"), "王五", newest.version)


def test_decisions_survive_a_newer_ruleset(store: Store, other: Store) -> None:
    _, review = said_of(store)
    lines = [line.replace(review.ruleset_version, "1900.1") for line in moving.lines(store)]
    assert any("1900.1" in line for line in lines)
    assert take_in(other, lines)[0] == 2
    with other.read() as connection:
        assert set(connection.scalars(t.decisions.select().with_only_columns(t.decisions.c.ruleset_version))) == {
            "1900.1"
        }
    read(other)
    assert decisions.standing(other, [review.findings[0].id])[review.findings[0].id].reason == "本地\n惯例"


def test_a_correction_of_what_is_read_otherwise_now_is_left_out(store: Store, other: Store) -> None:
    said_of(store)
    read(other)
    lines = list(moving.lines(store))
    changed = [line.replace('"before":"进一步提高"', '"before":"别的"') for line in lines]
    assert take_in(other, changed) == (2, 0, 1, 0, 2)
    nowhere = [
        json.dumps(json.loads(line) | {"project": 5}) if "decision" not in line else line
        for line in lines
    ]  # fmt: skip
    assert take_in(other, nowhere) == (0, 0, 0, 0, 3)
    assert take_in(other, lines) == (0, 2, 0, 0, 0)


def test_its_own_batch_goes_before_another_with_the_same_document(store: Store) -> None:
    batch, _ = said_of(store)
    later, _ = read(store)
    lines = list(moving.lines(store))
    with store.write() as connection:
        connection.execute(t.corrections.delete())
    assert take_in(store, lines)[1] == 2
    assert len(corrections.listed(store, batch, 0)) == 2
    assert corrections.listed(store, later, 0) == []
    batches.remove(store, batch)
    assert take_in(store, lines)[1:3] == (2, 1)
    assert len(corrections.listed(store, later, 0)) == 2


@pytest.mark.parametrize(
    "line",
    [
        "x", "[]", '{"kind": "other"}', '{"kind": "decision"}',
        '{"kind":"decision","finding":"f","rule":"VAG001","action":"delete","text":null,"reviewer":"x","at":"2025-01-01","ruleset_version":"1"}',
    ],
)  # fmt: skip
def test_what_is_no_record_changes_nothing(store: Store, line: str) -> None:
    said_of(store)
    good = list(moving.lines(store))
    with store.write() as connection:
        connection.execute(t.decisions.delete())
    with pytest.raises(ValueError, match="第 3 行"):
        take_in(store, [good[0], "", line])
    assert decisions.standing(store, [json.loads(good[0])["finding"]]) == {}


def test_text_that_no_database_takes_is_made_fit(store: Store) -> None:
    line = moving.DecisionLine(
        finding="f", rule="VAG001", action="note", text="一", reviewer="张三", ruleset_version="1",
        at=now() - timedelta(days=1),
    ).model_dump_json()  # fmt: skip
    assert take_in(store, [line.replace("一", "\\u0000二"), line.replace("一", "\\u0000二")])[0] == 1
    assert decisions.standing(store, ["f"])["f"].notes[0].text == "二"
