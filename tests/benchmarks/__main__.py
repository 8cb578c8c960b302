"""``python -m tests.benchmarks``: values and documents a second, beside a ceiling and the peers that are installed.

Every figure is the median of several rounds in one process, content caches empty; quote the ratios, not the absolutes.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import regex

from kpi import documents
from kpi.pipeline import extract
from kpi.values import parse
from tests.benchmarks.generator import values
from tests.benchmarks.office import contests
from tests.benchmarks.pdf import general_tables, long_pdf
from tests.benchmarks.peers import peers
from tests.benchmarks.rules import report as rules_report
from tests.rendering import LAYOUTS, load_all

COUNT = 20_000
ROUNDS = 5
PEER_SAMPLE = 2_000  # of the same strings, in the same order: the peers are slow
_REFERENCE = regex.compile(r"(\D*?)([\d.]+)(\D*)")


def per_second(
    work: Callable[[Any], Any],
    items: Sequence[Any],
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.process_time,
) -> float:
    """How many of ``items`` a second of its own time ``work`` does; the median round. Waiting for others is no time."""
    rates = []
    for _ in range(rounds):
        begin = clock()
        for item in items:
            work(item)
        rates.append(len(items) / (clock() - begin))
    return statistics.median(rates)


def reference(text: str) -> tuple[str, ...]:
    """The ceiling: one search and a tuple, no meaning at all."""
    found = _REFERENCE.search(text)
    return found.groups() if found else (text,)


def _values() -> None:
    texts = values(COUNT)
    uncached = parse._parse.__wrapped__  # the content cache stays out of it
    ours = per_second(lambda text: uncached(text, None, None, None), texts)
    ceiling = per_second(reference, texts)
    parse.parse_value(texts[0])
    repeated = per_second(lambda _: parse.parse_value(texts[0]), texts)
    print(f"values      {COUNT} distinct, mixed as in the field")
    print(f"  parse_value            {ours:>12,.0f} /s   {1e6 / ours:6.2f} µs each")
    print(f"  reference loop         {ceiling:>12,.0f} /s   ours is 1/{ceiling / ours:.1f} of it")
    for name, read in peers().items():
        sample = texts[:PEER_SAMPLE]
        rate = per_second(read, sample, rounds=1)
        print(f"  {name:<22} {rate:>12,.0f} /s   ours is {ours / rate:.1f} times as fast")
    print(f"  the same value again   {repeated:>12,.0f} /s   {1e6 / repeated:6.2f} µs each")


def _documents() -> None:
    for name, layout in LAYOUTS.items():
        texts = [layout(facts) for facts in load_all()]
        ours = per_second(extract, texts)
        blocks = per_second(documents.read, texts)
        print(
            f"documents   {name:<10} extract {ours:8.1f} /s   blocks alone {blocks:8.1f} /s   ratio {blocks / ours:.2f}"
        )


def _office() -> None:
    for name, peer_name, ours, peer, files, tables in contests():
        # The two take turns, so that whatever else the machine does meets both.
        pairs = [(per_second(ours, files, 1), per_second(peer, files, 1)) for _ in range(ROUNDS)]
        own, others = (statistics.median(rates) * tables / len(files) for rates in zip(*pairs, strict=True))
        ratio = statistics.median(mine / other for mine, other in pairs)
        print(f"tables      {name:<10} ours {own:8.0f} /s   {peer_name} {others:8.0f} /s   {ratio:.1f} times as fast")


def _pdf() -> None:
    """A PDF of 300 pages with 30 pages of target tables, in one place or spread over it."""
    for name, targets in (("together", range(100, 130)), ("spread", range(0, 300, 10))):
        data = long_pdf(300, targets)
        ours = 1 / per_second(extract, [data], rounds=3, clock=time.perf_counter)  # most of it is another process's
        general = 1 / per_second(general_tables, [data], rounds=1, clock=time.perf_counter)
        print(
            f"pdf         {name:<10} extract {ours:6.2f} s   pdfplumber.extract_tables {general:6.2f} s   ratio ",
            end="",
        )
        print(f"1/{general / ours:.1f}")


if __name__ == "__main__":
    _values()
    rules_report()
    _documents()
    _office()
    _pdf()
