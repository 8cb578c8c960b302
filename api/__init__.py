"""The HTTP service over :mod:`kpi`. It imports ``kpi`` through its public surface; ``kpi`` never imports it."""
