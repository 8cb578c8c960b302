"""How long one document may be worked on behind its reader, and how that time is shared out."""

from __future__ import annotations

import math
import time
from typing import Literal

Step = Literal["department", "pasted", "prose", "parted", "find", "rows", "figures"]
# The part of the whole time that each step may take from its beginning on: what the steps before it found is still
# read, however long they took.
_SHARES: dict[Step, float] = {
    "department": 0.15,
    "pasted": 0.3,
    "prose": 0.17,
    "parted": 0.03,
    "find": 0.1,
    "rows": 0.15,
    "figures": 0.1,
}


class Deadline:
    """One for each document; the steps ask it at their loops and end with what they have once it is over."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.missed = False  # whether a step was ended
        self._ends: dict[Step, float] = {}

    def over(self, step: Step) -> bool:
        """Whether the time of ``step`` is up, which begins when it is first asked for."""
        now = time.monotonic()
        if now <= self._ends.setdefault(step, now + self.seconds * _SHARES[step]):
            return False
        self.missed = True
        return True


UNLIMITED = Deadline(math.inf)
