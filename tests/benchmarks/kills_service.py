"""``python -m tests.benchmarks.kills_service [--kills 50] [--seed 0]``: the service killed in the midst of its work.

While one client hands in batches, another decides about findings and a third puts cells right, the server is ended by
SIGKILL at a random moment, and started again over the same data. After each start: what was acknowledged is there,
once; nothing half-written is shown; no process of the killed server is left. In the end every batch is read, and the
results are those of a run that nobody disturbed. Ends with 1 where one of these did not hold.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from lxml import html

from api.store import batches, corrections
from api.store.store import Store, sqlite_url
from kpi.correcting import corrected
from kpi.reviewing import review
from tests.browser.running import SECONDS, Server, children, runs
from tests.rendering import LAYOUTS, load_all
from tests.store.test_two_reviewers import decided

DOCUMENTS = {f"{number}.txt": LAYOUTS["tab_rows"](facts).encode() for number, facts in enumerate(load_all())}
LEAVING_SECONDS = 10.0  # a process of a killed server looks for its parent every now and then
_HEADERS = {"accept": "text/html", "sec-fetch-site": "same-origin"}


@dataclass
class Record:
    """What the clients were told, and what was found wrong."""

    batches: dict[str, str] = field(default_factory=dict)  # idempotency key → id
    decisions: set[tuple[str, str]] = field(default_factory=set)  # finding, text
    corrections: set[str] = field(default_factory=set)
    unanswered: list[str] = field(default_factory=list)  # keys of uploads that may have been taken in
    faults: list[str] = field(default_factory=list)
    running: int = 0  # batches that were being read at a kill


def _posted(client: httpx.Client, path: str, **fields: str) -> bool:
    return client.post(path, data=fields, headers=_HEADERS).status_code == 303


def _page(client: httpx.Client, path: str) -> html.HtmlElement:
    answer = client.get(path, headers=_HEADERS)
    answer.raise_for_status()
    return html.fromstring(answer.text)


def _upload(client: httpx.Client, key: str, **fields: str) -> str:
    files = [("files", item) for item in DOCUMENTS.items()]
    answer = client.post("/v1/batches", data=fields, files=files, headers={"Idempotency-Key": key})
    answer.raise_for_status()
    return str(answer.json()["id"])


def _over(client: httpx.Client, batch: str) -> None:
    late = time.monotonic() + SECONDS * 3
    while client.get(f"/v1/batches/{batch}").json()["state"] != "done":
        assert time.monotonic() < late, f"batch {batch} is not done"
        time.sleep(0.1)


class Clients:
    """Three of them, each in a thread, until the server is gone."""

    def __init__(self, server: Server, record: Record, base: str) -> None:
        self._server, self._record, self._base = server, record, base
        self.numbers = iter(range(10**9))
        with self.client() as signing:
            assert _posted(signing, "/sign-in", name="张三")
            self._cookies = dict(signing.cookies)
        with self.client() as signed:
            page = _page(signed, f"{base}/d/0/p/0")
            self._csrf = str(page.xpath("//input[@name='csrf']/@value")[0])
            self._findings = [name.removeprefix("f-") for name in page.xpath("//article[@data-finding]/@id")]

    def client(self) -> httpx.Client:
        """A browser, signed in once the session is there."""
        cookies = getattr(self, "_cookies", None)
        return httpx.Client(base_url=self._server.address, cookies=cookies, trust_env=False, timeout=SECONDS)

    def begin(self) -> list[threading.Thread]:
        """Start them."""
        threads = [threading.Thread(target=self._until_gone, args=(act,)) for act in (self._hand, self._say, self._put)]
        for thread in threads:
            thread.start()
        return threads

    def _until_gone(self, act: Callable[[httpx.Client, str], None]) -> None:
        with self.client() as client:
            try:
                while True:
                    act(client, f"{next(self.numbers)}")
            except httpx.TransportError:  # the server is gone
                return
            except Exception as error:
                self._record.faults.append(f"{act.__name__}: {error!r}")

    def _hand(self, client: httpx.Client, key: str) -> None:
        """As a program, which has no session."""
        client.cookies.clear()
        self._record.unanswered.append(key)
        self._record.batches[key] = _upload(client, key)
        self._record.unanswered.remove(key)
        _over(client, self._record.batches[key])

    def _say(self, client: httpx.Client, number: str) -> None:
        finding = random.choice(self._findings)
        action = random.choice(("note", "dismiss", "edit"))
        fields = {"csrf": self._csrf, "finding": finding, "action": action, "text": f"说明 {number}"}
        if _posted(client, f"{self._base}/d/0/p/0/decide", **fields):
            self._record.decisions.add((finding, f"说明 {number}"))
        else:
            self._record.faults.append(f"decision {number} was refused")

    def _put(self, client: httpx.Client, number: str) -> None:
        """In another document, so that the findings that are decided about stay."""
        fields = {"csrf": self._csrf, "row": "0", "was-raw_value": "", "raw_value": f"≥{number}人"}
        if _posted(client, f"{self._base}/d/1/p/0/correct", **fields):
            self._record.corrections.add(f"≥{number}人")
        else:
            self._record.faults.append(f"correction {number} was refused")


def _checked(server: Server, store: Store, record: Record, base: str, expected: dict[int, str]) -> None:
    """After a start: what is there, and whether it is whole."""
    said = {(one.finding, one.text) for one in decided(store)}
    record.faults += [f"lost: {one}" for one in record.decisions - said]
    put = corrections.listed(store, base.rpartition("/")[2], 1)
    record.faults += [f"lost: {text}" for text in record.corrections - {one.cell.text for one in put}]
    first = batches.document(store, base.rpartition("/")[2], 1)
    assert first is not None
    assert first.extraction is not None
    if first.review != review(corrected(first.extraction, [one.cell for one in put])):
        record.faults.append("the review kept is not that of the cells put right")
    with httpx.Client(base_url=server.address, trust_env=False, timeout=SECONDS) as client:
        for key in list(record.unanswered):  # the client asks again, with the same key
            record.batches[key] = _upload(client, key)
            record.unanswered.remove(key)
        for batch in record.batches.values():
            _half(client, batch, record, expected)


def _half(client: httpx.Client, batch: str, record: Record, expected: dict[int, str]) -> None:
    answer = client.get(f"/v1/batches/{batch}")
    if answer.status_code != 200 or answer.json()["total"] != len(DOCUMENTS):
        record.faults.append(f"lost: batch {batch}: {answer.status_code}")
        return
    lines = client.get(f"/v1/batches/{batch}/results.jsonl").text.splitlines()
    for line in lines:
        number = int(line.partition(": ")[2].partition(",")[0])
        if line != expected[number]:
            record.faults.append(f"batch {batch}, document {number}: {line[:200]}")


def _gone(pids: list[int]) -> list[int]:
    """Which of these processes are there for longer than they may be."""
    late = time.monotonic() + LEAVING_SECONDS
    while time.monotonic() < late and (left := [pid for pid in pids if runs(pid)]):
        time.sleep(0.05)
    return left


def _expected(folder: Path) -> dict[int, str]:
    """The results of a run that nobody disturbs."""
    server = Server(folder, WORKERS=2)
    server.start()
    try:
        with httpx.Client(base_url=server.address, trust_env=False, timeout=SECONDS) as client:
            batch = _upload(client, "once")
            _over(client, batch)
            return dict(enumerate(client.get(f"/v1/batches/{batch}/results.jsonl").text.splitlines()))
    finally:
        server.stop()


def run(folder: Path, kills: int, seed: int = 0, say: Callable[[str], Any] = str) -> Record:
    """Kill the service so many times; the record, whose faults are empty where all held."""
    choose, record = random.Random(seed), Record()
    for name in ("undisturbed", "killed"):
        (folder / name).mkdir()
    expected = _expected(folder / "undisturbed")
    assert len(expected) == len(DOCUMENTS)
    server = Server(folder / "killed", WORKERS=2)
    server.start()
    with httpx.Client(base_url=server.address, trust_env=False, timeout=SECONDS) as client:
        # Of another year: what is decided here is then not about the findings of the others.
        base = f"/batches/{_upload(client, 'base', fiscal_year='2019')}"
        _over(client, base.rpartition("/")[2])
    clients = Clients(server, record, base)
    store = Store(sqlite_url(folder / "killed" / "kpi.db"))
    for number in range(kills):
        threads = clients.begin()
        time.sleep(choose.uniform(0.05, 2.0))
        with store.read() as connection:
            record.running += bool(connection.exec_driver_sql("SELECT 1 FROM batches WHERE state='running'").first())
        processes = children(server.pid)
        server.kill()
        for thread in threads:
            thread.join()
        record.faults += [f"process {pid} is left" for pid in _gone(processes)]
        server.start()
        _checked(server, store, record, base, expected)
        counts = len(record.batches), len(record.decisions), len(record.corrections)
        say(f"kill {number + 1}: batches, decisions, corrections acknowledged {counts}, faults {len(record.faults)}")
    with clients.client() as client:
        for batch in record.batches.values():
            _over(client, batch)
    _checked(server, store, record, base, expected)
    store.close()
    server.stop()
    if "Traceback" in server.log():
        record.faults.append("the log has a traceback")
    return record


def main() -> int:
    """Runs the command; 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.kills_service", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpi-kills-") as folder:
        record = run(Path(folder), given.kills, given.seed, print)
    print(f"load of the machine: {os.getloadavg()[0]:.1f}; kills while a batch was read: {record.running}")
    print("\n".join(record.faults) or "nothing was lost, nothing half-written was shown, no process was left")
    return 1 if record.faults else 0


if __name__ == "__main__":
    sys.exit(main())
