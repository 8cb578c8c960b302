"""Tables of the other provinces: facts of our own in the forms of the families B to K of the field.

`facts` reads them from `corpus/documents/families/`, `forms` composes the blocks that every layout and format writes,
`answers` says what must be read from any of them. K, the targets of a department, is in `ladder`.
"""

from __future__ import annotations

from .answers import answers
from .facts import FAMILIES, FamilyFacts, load
from .forms import compose

__all__ = ["FAMILIES", "FamilyFacts", "answers", "compose", "load"]
