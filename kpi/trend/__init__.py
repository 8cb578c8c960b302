"""What moved between two years: ``projects`` pairs them, ``rows`` pairs their rows, ``values`` compares two values,
``direction`` tells which way is better, ``vagueness`` which words say less.

All of it is pure, and symmetric: what is lowered from A to B is raised from B to A, what is dropped is new.
"""

from kpi.trend.projects import Filed, diff, filed, years
from kpi.trend.rows import compared

__all__ = ["Filed", "compared", "diff", "filed", "years"]
