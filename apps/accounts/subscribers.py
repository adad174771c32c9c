"""Facts that accounts hear."""
