"""A client that asks a service over several connections at once and times each answer; in a process on one core."""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

SECONDS = 120.0


@dataclass(frozen=True)
class Call:
    """A request that is made again and again, with each of the bodies in turn."""

    path: str
    bodies: tuple[bytes, ...]
    media_type: str = "application/json"


@dataclass(frozen=True)
class Answers:
    """How long each answer took, sorted, in seconds; how long all of them together; how many were no 200."""

    seconds: tuple[float, ...]
    elapsed: float
    refused: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.elapsed

    def quantile(self, share: float) -> float:
        """The time within which this share of the answers came."""
        return self.seconds[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


def ask(port: int, call: Call, count: int, connections: int) -> Answers:
    """Make a call ``count`` times over ``connections`` connections that stay open."""
    turns = iter(range(count))
    lock, seconds, refused = threading.Lock(), [], []

    def one() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        while True:
            with lock:
                turn = next(turns, None)
            if turn is None:
                break
            began = time.perf_counter()
            link.request("POST", call.path, call.bodies[turn % len(call.bodies)], {"Content-Type": call.media_type})
            answer = link.getresponse()
            answer.read()
            seconds.append(time.perf_counter() - began)
            if answer.status != 200:
                refused.append(answer.status)
        link.close()

    threads = [threading.Thread(target=one) for _ in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Answers(tuple(sorted(seconds)), time.perf_counter() - began, len(refused))


def _pin() -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


@contextmanager
def pinned() -> Iterator[ProcessPoolExecutor]:
    """A process of its own for :func:`ask`, on one core."""
    with ProcessPoolExecutor(1, get_context("spawn"), _pin) as other:
        yield other
