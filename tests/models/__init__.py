"""Training of ``models/`` from ``corpus/annotations`` and its measurement: ``python -m tests.models --write``."""
