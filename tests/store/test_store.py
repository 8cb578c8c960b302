"""What the service keeps, on both databases: batches, decisions, corrections, sheets, reviewers; many at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, column, insert, select, table, update

import kpi
from api.store import batches, corrections, decisions, reviewers, sheets, tables
from api.store.batches import Incoming, Retry, RetryDiffers
from api.store.store import Store, _config, _engine
from api.store.tables import documents, metadata
from api.store.times import now
from kpi.correcting import HEAD, Cell, HeadField
from kpi.schema import Extraction, Review

TEXT = (
    "1、培训经费绩效目标表\n\n一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t培训场次\t≥12场\n"
    "\t时效指标\t完成时间\t按时完成\n效益指标\t社会效益指标\t服务能力\t进一步提高\n"
)
INCOMING = [Incoming("一.txt", TEXT.encode()), Incoming("二.txt", b"nothing", 2024)]


def read(store: Store) -> tuple[str, Extraction, Review]:
    """A batch whose first document was read."""
    batch = batches.create(store, INCOMING, creator="张三", title="第一批")
    claimed = batches.claim(store)
    assert claimed is not None
    extraction = kpi.extract(claimed.content, filename=claimed.label)
    review = kpi.review(extraction)
    batches.finish(store, batch, claimed.number, extraction, review)
    return batch, extraction, review


def test_the_tables_are_those_of_the_migrations(store: Store) -> None:
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_again_changes_nothing(url: str) -> None:
    first = Store(url)
    batch, *_ = read(first)
    first.close()
    again = Store(url)
    assert batches.progress(again, batch) is not None
    again.close()


def test_a_batch_from_beginning_to_end(store: Store) -> None:
    batch, extraction, review = read(store)
    kept = batches.document(store, batch, 0)
    assert kept is not None
    assert kept.extraction == extraction
    assert kept.review == review
    claimed = batches.claim(store)
    assert claimed is not None
    assert (claimed.number, claimed.label, claimed.content, claimed.fiscal_year) == (1, "二.txt", b"nothing", 2024)
    batches.fail(store, batch, 1, "no_text_layer", "没有文字。")
    assert batches.claim(store) is None
    progress = batches.progress(store, batch)
    assert progress is not None
    assert (progress.state, progress.done, progress.total) == ("done", 2, 2)
    assert progress.problems == ((1, "二.txt", "no_text_layer", "没有文字。"),)
    assert [one.id for one in batches.listed(store, 10)] == [batch]
    batches.remove(store, batch)
    assert batches.progress(store, batch) is None
    assert batches.document(store, batch, 0) is None


def test_what_was_being_read_waits_again_after_a_start(store: Store) -> None:
    batches.create(store, INCOMING, creator="张三", title="")
    first = batches.claim(store)
    batches.recover(store)
    assert batches.claim(store) == first


def test_a_batch_of_which_nothing_waits_is_done_after_a_start(store: Store) -> None:
    batch, *_ = read(store)
    with store.write() as connection:  # as the service left it that ended between the two
        connection.execute(update(documents).where(documents.c.number == 1).values(state="failed"))
    waiting = batches.create(store, INCOMING, creator="张三", title="")
    batches.recover(store)
    assert [one.state for one in (batches.progress(store, batch), batches.progress(store, waiting)) if one] == [
        "done", "queued",
    ]  # fmt: skip


def test_a_cancelled_batch_keeps_nothing_that_comes_late(store: Store) -> None:
    batch = batches.create(store, INCOMING, creator="张三", title="")
    claimed = batches.claim(store)
    assert claimed is not None
    batches.cancel(store, batch)
    extraction = kpi.extract(claimed.content)
    batches.finish(store, batch, claimed.number, extraction, kpi.review(extraction))
    batches.fail(store, batch, claimed.number, "x", "x")
    progress = batches.progress(store, batch)
    assert progress is not None
    assert (progress.state, progress.done) == ("cancelled", 0)
    assert batches.claim(store) is None


def test_every_document_is_handed_out_once(store: Store) -> None:
    incoming = [Incoming(f"{n}.txt", b"x") for n in range(20)]
    batches.create(store, incoming, creator="张三", title="")
    with ThreadPoolExecutor(4) as pool:
        claimed = [one for one in pool.map(lambda _: batches.claim(store), range(24)) if one]
    assert sorted(one.number for one in claimed) == list(range(20))


def test_a_retry_is_the_same_batch(store: Store) -> None:
    def create(creator: str = "张三", content: str = "c-1") -> str:
        return batches.create(store, INCOMING, creator=creator, title="", retry=Retry("k-1", content))

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: create(), range(8)))) == 1
    assert create("李四") != create()
    with pytest.raises(RetryDiffers):
        create(content="c-2")


def test_uploads_are_forgotten_and_what_was_read_stays(store: Store) -> None:
    batch, extraction, _ = read(store)
    assert batches.forget_uploads(store, now() + timedelta(days=1)) == 0  # it is not over yet
    claimed = batches.claim(store)
    assert claimed is not None
    batches.fail(store, batch, 1, "x", "x")
    assert batches.forget_uploads(store, now() - timedelta(days=1)) == 0
    assert batches.forget_uploads(store, now() + timedelta(days=1)) == 2
    assert batches.content(store, batch, 0) is None
    assert batches.forget_uploads(store, now() + timedelta(days=1)) == 0
    kept = batches.document(store, batch, 0)
    assert kept is not None
    assert kept.extraction == extraction


def test_how_long_uploads_are_kept_counts_from_the_end_of_their_batch(store: Store) -> None:
    batch, *_ = read(store)
    with store.write() as connection:  # handed in a year ago, and long in reading
        connection.execute(update(tables.batches).values(created=now() - timedelta(days=365)))
    batches.claim(store)
    batches.fail(store, batch, 1, "x", "x")
    assert batches.forget_uploads(store, now() - timedelta(days=1)) == 0
    assert batches.forget_uploads(store, now() + timedelta(seconds=1)) == 2
    cancelled = batches.create(store, INCOMING, creator="张三", title="")
    batches.cancel(store, cancelled)
    assert batches.forget_uploads(store, now() - timedelta(days=1)) == 0
    assert batches.forget_uploads(store, now() + timedelta(seconds=1)) == 2


def test_a_store_of_the_first_form_is_brought_to_the_newest(url: str) -> None:
    engine = _engine(url)
    command.upgrade(_config(engine), "0001")
    old = now() - timedelta(days=365)
    with engine.connect().execution_options(kpi_write=True) as connection, connection.begin():
        made: list[tuple[Table, dict[str, object]]] = [
            (tables.batches, {"id": "a1", "title": "", "created": old, "creator": "张三", "state": "done"}),
            (documents, {"batch": "a1", "number": 0, "label": "", "sha256": "", "size": 0, "state": "done"}),
        ]
        sheet = {"batch": "a1", "document": 0, "filled": "{}", "reviewer": "张三", "at": old}
        made += [(tables.sheets, sheet | {"project": project}) for project in (0, 0, 1)]
        for into, row in made:
            connection.execute(insert(table(into.name, *(column(name, into.c[name].type) for name in row))), row)
    engine.dispose()
    store = Store(url)
    with store.read() as connection:
        ended = connection.scalar(select(tables.batches.c.ended))
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert [[one.version for one in sheets.listed(store, "a1", 0, project, 9)] for project in (0, 1)] == [[2, 1], [1]]
    assert ended is not None
    assert ended > old + timedelta(days=360)
    store.close()


def test_decisions_are_only_added(store: Store) -> None:
    _, _, review = read(store)
    first, second = review.findings[0], review.findings[1]
    decisions.add(store, [(first.id, first.rule)], "accept", None, "张三")
    decisions.add(store, [(f.id, f.rule) for f in (first, second)], "dismiss", "本地惯例", "李四")
    decisions.add(store, [(first.id, first.rule)], "edit", "改为≥12场", "张三")
    decisions.add(store, [(first.id, first.rule)], "note", "再看看", "张三")
    stands = decisions.standing(store, [finding.id for finding in review.findings])
    assert set(stands) == {first.id, second.id}
    one = stands[first.id]
    assert (one.state, one.reason, one.suggestion) == ("dismissed", "本地惯例", "改为≥12场")
    assert [said.text for said in one.notes] == ["再看看"]
    assert [said.reviewer for said in one.history] == ["张三", "李四", "张三", "张三"]
    decisions.add(store, [(first.id, first.rule)], "reopen", None, "王五")
    assert decisions.standing(store, [first.id])[first.id].state == "open"


def test_decisions_of_two_at_once_are_all_there(store: Store) -> None:
    def say(n: int) -> int:
        return decisions.add(store, [("f" * 16, "VAG001")], "note", str(n), f"审核人{n % 2}")

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(say, range(100))) == 100
    history = decisions.standing(store, ["f" * 16])["f" * 16].history
    assert sorted(int(said.text or "") for said in history) == list(range(100))


def test_decisions_outlive_their_batch(store: Store) -> None:
    batch, _, review = read(store)
    decisions.add(store, [(f.id, f.rule) for f in review.findings], "accept", None, "张三")
    batches.remove(store, batch)
    assert set(decisions.standing(store, [f.id for f in review.findings])) == {f.id for f in review.findings}


def test_a_cell_put_right_runs_the_rules_again(store: Store) -> None:
    batch, _, review = read(store)
    assert "VAG002" in review.summary.by_rule
    fixed = corrections.add(store, batch, 0, [Cell(0, 2, "raw_value", "较上年提高≥5个百分点")], "张三")
    assert fixed is not None
    assert "VAG002" not in fixed.review.summary.by_rule
    kept = batches.document(store, batch, 0)
    assert kept is not None
    assert kept.review == fixed.review
    assert kept.extraction is not None
    assert kept.extraction.projects[0].indicators[2].raw_value == "进一步提高"  # as it was read
    corrections.add(store, batch, 0, [Cell(0, 2, "raw_value", "有所提高")], "李四")
    said = corrections.listed(store, batch, 0)
    assert [(one.before, one.cell.text, one.reviewer) for one in said] == [
        ("进一步提高", "较上年提高≥5个百分点", "张三"),
        ("较上年提高≥5个百分点", "有所提高", "李四"),
    ]
    assert corrections.add(store, batch, 7, [], "张三") is None


def test_a_head_put_right_leaves_what_was_decided_of_the_rows(store: Store) -> None:
    batch, _, review = read(store)
    of_rows = {finding.id for finding in review.findings if finding.indicator is not None}
    assert of_rows
    heads: tuple[tuple[HeadField, str], ...] = (
        ("code", "999000000000000000001"), ("fiscal_year", "2031"), ("code", ""),
    )  # fmt: skip
    for field, text in heads:
        fixed = corrections.add(store, batch, 0, [Cell(0, HEAD, field, text)], "张三")
        assert fixed is not None
        assert of_rows <= {finding.id for finding in fixed.review.findings}


def test_the_newest_sheet_holds(store: Store) -> None:
    batch, *_ = read(store)
    assert sheets.newest(store, batch, 0, 0) is None
    for seen, points in enumerate(("3.5", "4")):
        filled = sheets.Filled(blocks={"完整性": sheets.BlockFilled(points=Decimal(points), opinion="可")}, grade="良")
        sheets.save(store, batch, 0, 0, filled, "张三", seen)
    saved = sheets.newest(store, batch, 0, 0)
    assert saved is not None
    assert saved.filled.blocks["完整性"].points == 4


def test_of_two_who_save_one_sheet_at_once_one_is_told(store: Store) -> None:
    batch, *_ = read(store)
    for seen in range(5):
        begin = Barrier(6)

        def save(who: int, seen: int = seen, begin: Barrier = begin) -> bool:
            begin.wait()
            try:
                sheets.save(store, batch, 0, 0, sheets.Filled(opinion=f"{who}"), f"审核人{who}", seen)
            except sheets.Outdated:
                return False
            return True

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(save, range(6))) == 1
    assert [one.version for one in sheets.listed(store, batch, 0, 0, 10)] == [5, 4, 3, 2, 1]


def test_a_sheet_of_a_document_that_was_deleted(store: Store) -> None:
    batch, *_ = read(store)
    batches.remove(store, batch)
    with pytest.raises(sheets.Gone):
        sheets.save(store, batch, 0, 0, sheets.Filled(), "张三")


def test_decisions_of_two_about_one_finding_are_both_kept(store: Store) -> None:
    _, _, review = read(store)
    told, begin = [(one.id, one.rule) for one in review.findings], Barrier(2)

    def decide(who: str, action: decisions.Action) -> None:
        begin.wait()
        for _ in range(20):
            decisions.add(store, told, action, who, who)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(decide, "张三", "accept"), pool.submit(decide, "李四", "dismiss")]:
            done.result()
    for standing in decisions.standing(store, [finding for finding, _ in told]).values():
        assert Counter(said.reviewer for said in standing.history) == {"张三": 20, "李四": 20}
        assert standing.state == {"accept": "accepted", "dismiss": "dismissed"}[standing.history[-1].action]


def test_keys_and_sessions(store: Store) -> None:
    assert not reviewers.any_there(store)
    key = reviewers.add(store, "张三")
    assert key is not None
    assert reviewers.add(store, "张三") is None
    other = reviewers.add(store, "李四")
    assert other is not None
    assert reviewers.of_key(store, key) == "张三"
    assert reviewers.of_key(store, other) == "李四"
    assert reviewers.of_key(store, key[:-1]) is None
    assert reviewers.of_key(store, "\ud800") is None
    token, session = reviewers.sign_in(store, "张三")
    assert reviewers.of_token(store, token) == session
    assert reviewers.of_token(store, session.csrf) is None
    reviewers.sign_out(store, token)
    assert reviewers.of_token(store, token) is None
    token, _ = reviewers.sign_in(store, "张三")
    assert reviewers.disable(store, "张三")
    assert reviewers.of_token(store, token) is None
    assert reviewers.of_key(store, key) is None
    assert reviewers.names(store) == ["李四"]
    assert not reviewers.disable(store, "无此人")


def test_a_connection_that_was_left_in_the_middle_is_not_used_again(store: Store) -> None:
    batch, *_ = read(store)

    def left_in_the_middle(connection: Connection) -> None:
        connection.execute(update(documents).values(label="x"))
        if not store.is_sqlite:  # as where a thread ends before it has read the answer
            query = b"SELECT 'another' AS label\0"
            driver: Any = connection.connection.driver_connection
            driver._usock.sendall(b"Q" + (len(query) + 4).to_bytes(4, "big") + query)
        raise RuntimeError("ended")

    for _ in range(3):
        with pytest.raises(RuntimeError, match="ended"), store.write() as connection:
            left_in_the_middle(connection)
        with ThreadPoolExecutor(1) as pool:
            kept = pool.submit(batches.document, store, batch, 0).result(20)
        assert kept is not None
        assert kept.label == "一.txt"
