"""``python -m kpi.cli`` is the ``kpi`` command."""

from kpi.cli import main

main()
