"""What the service keeps: batches, what was read from them, what reviewers decided."""
