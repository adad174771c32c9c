"""What may be said: plain text that nobody can disguise, forge a line with, or run."""

from __future__ import annotations

from aether.kernel import plain_text

LINE_LENGTH_MAX = 1000


def cleaned(text: str) -> str | None:
    """Return what is said, without the spaces around it; None where it is not plain text."""
    return plain_text.cleaned(text, longest=LINE_LENGTH_MAX)


def is_slash_command(text: str) -> bool:
    """Tell if somebody takes chat for a console; nothing that is said is ever run."""
    return text.startswith("/")
