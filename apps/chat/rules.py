"""What may be said: plain text that nobody can disguise, forge a line with, or run."""

from __future__ import annotations

import unicodedata

LINE_LENGTH_MAX = 1000
MARKS_IN_A_ROW_MAX = 4

FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
"""Controls, lone surrogates, private characters, and the separators of lines."""

NONCHARACTER = 0xFFFE
"""The low bits of code points that are no characters, in every plane."""

DISGUISES = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0\ufff9\ufffa\ufffb"
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
"""Marks that turn the direction of text around, and letters and spaces that nobody sees."""

UNSEEN_ALONE = frozenset({"Cf", "Mn", "Me", "Zs"})
"""What joins and marks other characters shows nothing by itself."""


def cleaned(text: str) -> str | None:
    """Return what is said, without the spaces around it; None where it is not plain text."""
    said = unicodedata.normalize("NFC", text).strip()
    return said if said and len(said) <= LINE_LENGTH_MAX and _is_plain(said) else None


def is_slash_command(text: str) -> bool:
    """Tell if somebody takes chat for a console; nothing that is said is ever run."""
    return text.startswith("/")


def _is_plain(text: str) -> bool:
    if all(unicodedata.category(character) in UNSEEN_ALONE for character in text):
        return False
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category in FORBIDDEN_CATEGORIES or character in DISGUISES:
            return False
        if ord(character) & NONCHARACTER == NONCHARACTER:
            return False
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MARKS_IN_A_ROW_MAX:
            return False
    return True
