"""Many documents → shards of scored documents, in the order of the inputs, in one process or several.

A shard is made by a pure function of settings and inputs (:func:`shard`); it is the unit that is kept when a run is
stopped, and that a cluster would hand out. ``docs/batch.md`` describes what is written.
"""

from kpi.batch.compatible import ClusterError
from kpi.batch.making import Item, Line, Made, Part, Settings, line, made, planned, shard, steps
from kpi.batch.planning import parts
from kpi.batch.running import guarded, run

__all__ = [
    "ClusterError",
    "Item",
    "Line",
    "Made",
    "Part",
    "Settings",
    "guarded",
    "line",
    "made",
    "parts",
    "planned",
    "run",
    "shard",
    "steps",
]
