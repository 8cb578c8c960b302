"""The scorecard of a batch: one file an output. All of them write the same :class:`Scored` documents."""
