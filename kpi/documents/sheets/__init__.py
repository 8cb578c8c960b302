"""Spreadsheets → blocks: a module a format, ``formats`` for numbers as a sheet shows them, ``sheet`` for its blocks."""
