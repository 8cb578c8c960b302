"""Plain and comma-separated text → blocks: ``plain`` is the way in, the others are ways to write a table."""
