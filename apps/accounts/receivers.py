"""Signals of the sign-in library that accounts hear."""
