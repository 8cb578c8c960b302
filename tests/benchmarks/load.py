"""``python -m tests.benchmarks.load``: the service under load, beside the same work done in this process.

A real ``kpi serve`` on the loopback; the client is another process, pinned to one core. The aims, all of them ratios
within the run but one: ``/v1/extract`` with a text of 45 KB reaches half of the rate of ``extract`` and ``review`` in
this process; its p99 at 8 connections stays under ten times the median of an unloaded service; ``/v1/values`` with 100
values answers 300 requests a second; the memory of the service does not grow; a document that spins raises the p99 of
the others by half at most.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import kpi
from kpi.pools import SPARE_SECONDS
from tests.benchmarks.asking import Answers, Call, ask, pinned
from tests.benchmarks.generator import values
from tests.browser.running import FAULTY, Server, children, resident
from tests.rendering import LAYOUTS, load_all

DOCUMENT_BYTES = 45 * 1024
ROUNDS = 3
MEGABYTE = 2**20


def text() -> str:
    """A text of 45 KB: whole lines of the rendered documents, one after the other."""
    lines, size = [], 0
    for line in "\n".join(LAYOUTS["tab_rows"](facts) for facts in load_all()).splitlines(keepends=True) * 9:
        if (size := size + len(line.encode())) > DOCUMENT_BYTES:
            break
        lines.append(line)
    return "".join(lines)


def _in_process(document: str, count: int) -> float:
    """Documents a second, read and reviewed here and written as JSON, as the service does."""
    began = time.perf_counter()
    for _ in range(count):
        extraction = kpi.extract(document)
        extraction.model_dump_json()
        kpi.review(extraction).model_dump_json()
    return count / (time.perf_counter() - began)


def _said(name: str, answers: Answers) -> None:
    p50, p99 = (answers.quantile(share) * 1000 for share in (0.5, 0.99))
    print(f"  {name:<34} {answers.rate:8.1f} /s   p50 {p50:7.1f} ms   p99 {p99:7.1f} ms   refused {answers.refused}")


Ask = Callable[[Call, int, int], Answers]


def _asker(client: ProcessPoolExecutor, server: Server) -> Ask:
    def asked(call: Call, count: int, connections: int) -> Answers:
        return client.submit(ask, server.port, call, count, connections).result()

    return asked


def _extract(asked: Ask, call: Call, document: str) -> None:
    _in_process(document, 3)
    asked(call, 8, 4)  # every process of the service has begun
    rounds = [(_in_process(document, 20), asked(call, 20, 1), asked(call, 100, 8)) for _ in range(ROUNDS)]
    print(f"extract     a text of {len(document.encode())} bytes, {ROUNDS} rounds in turn")
    print(f"  in this process                    {statistics.median(here for here, _, _ in rounds):8.1f} /s")
    for here, alone, eight in rounds:
        _said(f"1 connection, {alone.rate / here:.2f} of it", alone)
        _said(f"8 connections, {eight.rate / here:.2f} of it", eight)
    worst = statistics.median(eight.quantile(0.99) / alone.quantile(0.5) for _, alone, eight in rounds)
    share = statistics.median(eight.rate / here for here, _, eight in rounds)
    print(f"  at 8 connections {share:.2f} of the rate here (aim 0.5), p99 {worst:.1f} × the unloaded median (aim 10)")


def _of_values(texts: list[str]) -> Call:
    """Requests of 100 values each."""
    hundreds = (texts[begin : begin + 100] for begin in range(0, len(texts), 100))
    return Call("/v1/values", tuple(json.dumps({"values": each, "year": 2025}).encode() for each in hundreds))


def _values(asked: Ask) -> None:
    print("values      100 in a request")
    known, new = _of_values(values(100)), values(40_000, seed=1)
    asked(known, 50, 1)
    for connections in (1, 8):
        _said(f"{connections} connections (aim 300)", asked(known, 1_000, connections))
    for connections, call in ((1, _of_values(new[:20_000])), (8, _of_values(new[20_000:]))):
        _said(f"{connections} connections, all values new", asked(call, len(call.bodies), connections))


def _memory(asked: Ask, server: Server, count: int) -> None:
    """Documents of some kilobytes, so that there can be many."""
    documents = tuple(LAYOUTS["tab_rows"](facts)[:4_000].encode() for facts in load_all())
    call, other = Call("/v1/extract", documents, "text/plain"), _of_values(values(20_000, seed=2))
    print(f"memory      {count} requests, half of them small documents, half values")
    seen: list[tuple[float, float]] = []
    step = max(count // 20, 1)
    for number in range(10):
        asked(call, step, 4)
        asked(other, step, 4)
        others = sum(resident(child) for child in children(server.pid))
        seen.append((resident(server.pid) / MEGABYTE, others / MEGABYTE))
        own, of_others = seen[-1]
        print(f"  after {(number + 1) * step * 2:6}   service {own:7.1f} MB   its processes {of_others:7.1f} MB")
    slope = (seen[-1][0] - seen[1][0]) / (8 * step * 2) * 1000
    print(f"  the service took {slope:+.2f} MB more a thousand requests, after the first fifth")


def _work(client: ProcessPoolExecutor, call: Call, document: str, requests: int) -> None:
    with tempfile.TemporaryDirectory(prefix="kpi-load-") as folder:
        server = Server(Path(folder), WORKERS=os.cpu_count())
        server.start()
        try:
            _extract(_asker(client, server), call, document)
            _values(_asker(client, server))
            _memory(_asker(client, server), server, requests)
        finally:
            server.stop()


def _spinning(client: ProcessPoolExecutor, call: Call) -> None:
    with tempfile.TemporaryDirectory(prefix="kpi-load-") as folder:
        server = Server(Path(folder), program=FAULTY, WORKERS=os.cpu_count(), REQUEST_SECONDS=30)
        server.start()
        try:
            asked = _asker(client, server)
            light = _of_values(values(100))
            never = Call("/v1/extract", (b"mock:spin\n",), "text/plain")
            asked(call, 20, 2)
            time.sleep(SPARE_SECONDS)
            print("spinning    one document that never ends, the others meanwhile")
            for name, each, count, connections in (
                ("extract, 1 connection", call, 200, 1), ("extract, 8 connections", call, 400, 8),
                ("values, 1 connection", light, 10_000, 1),
            ):  # fmt: skip
                before = asked(each, count, connections)
                with ProcessPoolExecutor(1) as other:
                    spinning = other.submit(ask, server.port, never, 1, 1)
                    time.sleep(0.5)
                    meanwhile = asked(each, count, connections)
                    print(f"  it spun all the while: {not spinning.done()}")
                _said(f"{name}, before", before)
                ratio = meanwhile.quantile(0.99) / before.quantile(0.99)
                _said(f"{name}, p99 × {ratio:.2f} (aim 1.5)", meanwhile)
        finally:
            server.stop()


def main() -> None:
    """Run it and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load", description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000, help="how many requests memory is watched for")
    parser.add_argument("--only", choices=("work", "spinning"), help="one half of it")
    given = parser.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, cores: {os.cpu_count()}")
    document = text()
    call = Call("/v1/extract", (document.encode(),), "text/plain")
    with pinned() as client:
        if given.only != "spinning":
            _work(client, call, document, given.requests)
        if given.only != "work":
            _spinning(client, call)
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
