"""Two who decide at the same time, over the network, on SQLite and PostgreSQL: both are heard, nothing is half done."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from lxml import html

from api.store import batches, corrections, decisions, moving
from api.store.store import Store
from kpi.correcting import corrected
from kpi.reviewing import review
from tests.api.test_project_page import DOCUMENT
from tests.browser.running import Server

NAMES = ("张三", "李四")
TURNS = 10
BROWSER = {"accept": "text/html", "sec-fetch-site": "same-origin"}


def decided(store: Store) -> list[moving.DecisionLine]:
    """Every decision, in the order in which they were made."""
    return [one for one in moving.parsed(moving.lines(store)) if isinstance(one, moving.DecisionLine)]


class Reviewer:
    """One of them, with a browser of their own."""

    def __init__(self, address: str, name: str) -> None:
        self.name = name
        self.client = httpx.Client(base_url=address, headers=BROWSER, trust_env=False, timeout=60)
        assert self.client.post("/sign-in", data={"name": name}).status_code == 303
        self.csrf = str(self.page("/").xpath("//input[@name='csrf']/@value")[0])

    def page(self, path: str) -> html.HtmlElement:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return html.fromstring(answer.text)

    def post(self, path: str, **fields: str) -> httpx.Response:
        answer = self.client.post(path, data={"csrf": self.csrf, **fields})
        assert answer.status_code == 303, answer.text
        return answer


@pytest.fixture
def server(url: str, tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path, DATABASE=url, WORKERS=1)
    running.start()
    yield running
    running.stop()
    assert "Traceback" not in running.log()


@pytest.fixture
def both(server: Server) -> tuple[Reviewer, Reviewer]:
    one, other = (Reviewer(server.address, name) for name in NAMES)
    return one, other


@pytest.fixture
def project(both: tuple[Reviewer, Reviewer]) -> str:
    one, _ = both
    made = one.client.post("/upload", data={"csrf": one.csrf}, files=[("files", ("目标.txt", DOCUMENT.encode()))])
    batch = made.headers["location"]
    while one.client.get(f"{batch}/progress").json()["state"] != "done":
        time.sleep(0.05)
    return f"{batch}/d/0/p/0"


def at_once(both: tuple[Reviewer, Reviewer], act: object) -> None:
    """Both do it in each turn, begun at the same moment."""
    begin = threading.Barrier(len(both))

    def turns(who: Reviewer) -> None:
        for turn in range(TURNS):
            begin.wait(60)
            act(who, turn)  # type: ignore[operator]

    with ThreadPoolExecutor(len(both)) as threads:
        for done in [threads.submit(turns, who) for who in both]:
            done.result()


def findings(who: Reviewer, project: str) -> list[str]:
    return [name.removeprefix("f-") for name in who.page(project).xpath("//article[@data-finding]/@id")]


def test_decisions_of_both_are_kept(both: tuple[Reviewer, Reviewer], project: str, url: str) -> None:
    found = findings(both[0], project)
    assert len(found) >= 3

    def decide(who: Reviewer, turn: int) -> None:
        mine = found[1 + NAMES.index(who.name)]
        action = ("note", "edit", "dismiss")[turn % 3]
        who.post(f"{project}/decide", finding=found[0], action=action, text=f"{who.name} {turn} 同一个")
        who.post(f"{project}/decide", finding=mine, action="note", text=f"{who.name} {turn} 自己的")
        who.post(f"{project}/decide", finding=found[0], action="accept")

    at_once(both, decide)
    store = Store(url)
    said = decided(store)
    standing = decisions.standing(store, found)[found[0]]
    store.close()
    expected = {
        (who, f"{who} {turn} {which}") for who in NAMES for turn in range(TURNS) for which in ("同一个", "自己的")
    }
    assert {(one.reviewer, one.text) for one in said if one.text} == expected
    assert len(said) == 3 * TURNS * len(NAMES)
    assert standing.state == "accepted"
    history = next(iter(both[1].page(project).xpath(f"//article[@id='f-{found[0]}']"))).text_content()
    for who in NAMES:
        for turn in range(TURNS):
            assert f"{who} {turn} 同一个" in history


def test_all_of_a_rule_by_both_is_all_or_nothing(both: tuple[Reviewer, Reviewer], project: str, url: str) -> None:
    found = findings(both[0], project)

    def dismiss(who: Reviewer, turn: int) -> None:
        about, text = found[turn % len(found)], f"{who.name}{turn}"
        who.post(f"{project}/decide", finding=about, action="dismiss", scope="batch", text=text)

    at_once(both, dismiss)
    store = Store(url)
    said = decided(store)
    store.close()
    asked = {f"{who}{turn}" for who in NAMES for turn in range(TURNS)}
    assert {one.text for one in said} == asked
    for text in asked:  # of one rule, each finding once
        rows = [one for one in said if one.text == text]
        assert len({one.finding for one in rows}) == len(rows)
        assert len({one.rule for one in rows}) == 1


def test_cells_put_right_by_both_are_kept(both: tuple[Reviewer, Reviewer], project: str, url: str) -> None:
    def put(who: Reviewer, turn: int) -> None:
        who.post(f"{project}/correct", row="0", **{"was-raw_value": "", "raw_value": f"≥{turn}{who.name}"})
        who.post(
            f"{project}/correct", row=f"{1 + NAMES.index(who.name)}", **{"was-name": "", "name": f"{who.name}{turn}"}
        )

    at_once(both, put)
    store, batch = Store(url), project.split("/")[2]
    put_right = corrections.listed(store, batch, 0)
    kept = batches.document(store, batch, 0)
    store.close()
    assert len(put_right) == 2 * TURNS * len(NAMES)
    assert {one.reviewer for one in put_right} == set(NAMES)
    assert kept is not None
    assert kept.extraction is not None
    # The review that is shown is that of all of them together, whoever came last.
    assert kept.review == review(corrected(kept.extraction, [one.cell for one in put_right]))
