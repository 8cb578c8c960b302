"""PDF → blocks: ``confined`` runs ``reader`` in a process of its own; docs/architecture.md explains each module."""
