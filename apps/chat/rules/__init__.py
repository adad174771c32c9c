"""What may be said: plain text that nobody can disguise, forge a line with, or run."""

from __future__ import annotations

from aether.kernel import plain_text

LINE_LENGTH_MAX = 1000
MOTD_LENGTH_MAX = 300


def cleaned(text: str) -> str | None:
    """Return what is said, without the spaces around it; None where it is not plain text."""
    return plain_text.cleaned(text, longest=LINE_LENGTH_MAX)


def is_slash_command(text: str) -> bool:
    """Tell if somebody takes chat for a console; nothing that is said is ever run."""
    return text.startswith("/")


def plain_motd(text: str) -> str | None:
    """Return a guild's message of the day, which may be none; None where it is not plain text."""
    return plain_text.cleaned(text, longest=MOTD_LENGTH_MAX) if text.strip() else ""
