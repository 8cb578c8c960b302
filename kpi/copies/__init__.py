"""Copied indicator sets and near-duplicate projects over a whole batch: a second pass over its tables.

``sets`` makes a set of numbers of every project's rows, ``near`` groups the sets that are alike, ``families`` judges
the groups. Memory: some 100 bytes a row; work grows with the number of rows, never with that of pairs.
"""

from kpi.copies.families import found
from kpi.copies.models import Copies, Family, Member

__all__ = ["Copies", "Family", "Member", "found"]
