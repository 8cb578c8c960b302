"""The rows of every project of a batch as sets of numbers, from the tables of the scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from kpi.rules.relevance.rows import LEAST

if TYPE_CHECKING:
    import polars as pl

Numbers = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]


class Sets(NamedTuple):
    """Many sets: ``keys[offsets[i]:offsets[i + 1]]`` are the rows of the project ``owners[i]``, ascending.

    A row is the number of its ``row_key``: its name and its value as the rules on copied rows compare them, amounts of
    money apart (``kpi.rules.relevance.rows``).
    """

    owners: Numbers
    offsets: Places
    keys: Numbers

    @property
    def sizes(self) -> Places:
        """How many rows each has."""
        return np.diff(self.offsets)

    def of(self, number: int) -> Numbers:
        """One set."""
        return self.keys[self.offsets[number] : self.offsets[number + 1]]

    def only(self, chosen: Places) -> Sets:
        """Some of them, in the order of ``chosen``."""
        sizes = self.sizes[chosen]
        offsets = np.concatenate(([0], np.cumsum(sizes)))
        at = np.repeat(self.offsets[:-1][chosen] - offsets[:-1], sizes) + np.arange(offsets[-1])
        return Sets(self.owners[chosen], offsets, self.keys[at])


def owner() -> pl.Expr:
    """The project a row of either table belongs to, as a number."""
    import polars as pl

    return pl.struct("document", "project_number").hash(0).alias("owner")


def row_key() -> pl.Expr:
    """The key of a row, as a number."""
    import polars as pl

    return pl.col("row_key").str.to_integer(base=16, dtype=pl.UInt64).alias("key")


def read(indicators: pl.LazyFrame) -> Sets:
    """The sets of all projects with rows enough to be compared (:data:`kpi.rules.relevance.rows.LEAST`)."""
    import polars as pl

    rows = indicators.filter(pl.col("row_key").is_not_null()).select(owner(), row_key())
    frame = rows.collect(engine="streaming").unique().sort("owner", "key")
    owners = frame["owner"].to_numpy()
    starts = np.flatnonzero(np.concatenate(([True], owners[1:] != owners[:-1]))) if owners.size else np.empty(0, int)
    found = Sets(owners[starts], np.concatenate((starts, [owners.size])), frame["key"].to_numpy())
    return found.only(np.flatnonzero(found.sizes >= LEAST))
