"""Which sets of rows are the same, or nearly: exact copies by their hash, near ones by MinHash and then row by row.

Two sets are alike where the rows they share are at least ``share`` of the longer one (the measure of REL005).
Candidates come from locality-sensitive hashing: of two sets that share four fifths (a Jaccard similarity of two thirds
at least) the 128 smallest hashes, in 32 bands of 4, miss one pair in a thousand. Every candidate is then compared
exactly, so that nothing is alike by chance. No step looks at all pairs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from kpi.copies.sets import Numbers, Places, Sets

PERMUTATIONS, BAND = 128, 4
# In a band that very many sets share, each is compared with so many that follow it: the work stays linear, and sets
# that are alike meet in other bands as well.
_NEIGHBOURS = 4
_AT_ONCE = 20_000  # signatures taken over from the library at a time
_PAIRS_AT_ONCE = 50_000
_CELLS = 32_000_000  # cells compared at a time


def groups(sets: Sets, share: float) -> Places:
    """For each set the number of its group; a group are sets that are alike, or that a chain of alike ones joins."""
    _, first, same = np.unique(_whole(sets), return_index=True, return_inverse=True)
    distinct = sets.only(first)
    pairs = np.unique(np.concatenate([np.empty(0, np.uint64), *_candidates(distinct, share)]))
    left, right = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    alike = shared(distinct, left, right) >= np.ceil(share * np.maximum(distinct.sizes[left], distinct.sizes[right]))
    return connected(len(first), left[alike], right[alike])[same]


def _mixed(numbers: Numbers) -> Numbers:
    """Numbers spread over all 64 bits, one to one (the end of splitmix64, public domain)."""
    found = numbers.copy()
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        found ^= found >> np.uint64(shift)
        found *= np.uint64(factor)
    return found ^ (found >> np.uint64(31))


def _whole(sets: Sets) -> Numbers:
    """A hash of each set as a whole."""
    if not sets.owners.size:
        return np.empty(0, np.uint64)
    return _mixed(np.add.reduceat(_mixed(sets.keys), sets.offsets[:-1]) + sets.sizes.astype(np.uint64))


def _candidates(sets: Sets, share: float) -> Iterator[Numbers]:
    """Pairs of sets that may be alike, as ``left << 32 | right``, band by band. In a short set one row is too much."""
    long = np.flatnonzero(np.ceil(share * sets.sizes) < sets.sizes)
    if long.size < 2:
        return
    signatures = signed(sets.only(long))
    for at in range(0, PERMUTATIONS, BAND):
        band = np.ascontiguousarray(signatures[:, at : at + BAND]).view(np.uint64)
        bucket = _mixed(_mixed(band[:, 0]) + band[:, 1])
        order = np.argsort(bucket, kind="stable")
        ordered = bucket[order]
        for distance in range(1, _NEIGHBOURS + 1):
            beside = np.flatnonzero(ordered[distance:] == ordered[:-distance])
            if not beside.size:
                break
            one, other = long[order[beside]], long[order[beside + distance]]
            low, high = np.minimum(one, other), np.maximum(one, other)
            yield np.unique(low.astype(np.uint64) << np.uint64(32) | high.astype(np.uint64))


def signed(sets: Sets) -> npt.NDArray[np.uint32]:
    """The MinHash signature of each set, a row each."""
    from rensa import RMinHash

    found = np.empty((len(sets.owners), PERMUTATIONS), np.uint32)
    for start in range(0, len(found), _AT_ONCE):
        end = min(start + _AT_ONCE, len(found))
        offsets = sets.offsets[start : end + 1]
        keys = np.ascontiguousarray(sets.keys[offsets[0] : offsets[-1]])
        bounds = (offsets - offsets[0]).astype(np.uint64)
        found[start:end] = RMinHash.digest_matrix_from_flat_token_hashes(keys, bounds, PERMUTATIONS, 1).to_rows()
    return found


def shared(sets: Sets, left: Places, right: Places) -> Places:
    """How many rows the sets of each pair have in common, counted exactly."""
    found = np.zeros(len(left), np.int64)
    width = np.maximum(sets.sizes[left], sets.sizes[right])
    order = np.argsort(width, kind="stable")
    start = 0
    while start < len(order):
        furthest = min(start + _PAIRS_AT_ONCE, len(order))
        end = min(furthest, start + max(1, _CELLS // int(width[order[furthest - 1]]) ** 2))
        chosen = order[start:end]
        most = int(width[chosen].max())
        one, other = _padded(sets, left[chosen], most, 0), _padded(sets, right[chosen], most, 1)
        found[chosen] = sum((one == other[:, column, None]).sum(axis=1) for column in range(most))
        start = end
    return found


def _padded(sets: Sets, chosen: Places, width: int, filler: int) -> Numbers:
    """Sets as the rows of a matrix, filled up with a number that the other side does not have."""
    found = np.full((len(chosen), width), filler, np.uint64)
    some = sets.only(chosen)
    found[np.arange(width) < some.sizes[:, None]] = some.keys
    return found


def connected(count: int, left: Places, right: Places) -> Places:
    """The connected components of ``count`` points: for each the smallest point of its component."""
    labels = np.arange(count)
    while True:
        least = np.minimum(labels[left], labels[right])
        before = labels.copy()
        for side in (left, right):
            np.minimum.at(labels, labels[side], least)
            np.minimum.at(labels, side, least)
        labels = labels[labels]
        if np.array_equal(before, labels):
            return labels
