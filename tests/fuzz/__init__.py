"""Damaged files by the thousand: whatever the bytes, an extraction comes back, in time, with typed problems."""
