"""The grammar of indicator values: text → typed operator, quantity, unit.

One module a concern: ``fold`` (look-alike characters), ``numerals``, ``units`` (``units.toml``), ``operators``
(``operators.toml``), ``quantities``, ``ranges``, ``dates``, ``wording`` (``phrases.toml``), ``scan`` (finding values
in a text), ``parse`` (the way in) and ``vocabulary`` (reading the toml files).
Everything works on folded text of unchanged length, so offsets are exact.
"""

from kpi.values.parse import find_values, parse_value

__all__ = ["find_values", "parse_value"]
