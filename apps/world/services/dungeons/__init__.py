"""Dungeons: runs and who is in them, rooms, puzzles, locks, and how everybody gets out again."""
