"""The ``kpi`` command. One file a command; nothing heavy is imported before it is needed."""

from kpi.cli.app import main

__all__ = ["main"]
