"""Plain text that people write: nobody can disguise it, forge a line with it, or run it."""

from __future__ import annotations

import unicodedata

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

BREAKS = "\n"


def cleaned(text: str, *, longest: int) -> str | None:
    """Return what is written in one line, without the spaces around it; None where it is not plain text."""
    said = unicodedata.normalize("NFC", text).strip()
    return said if said and len(said) <= longest and _is_plain(said) else None


def cleaned_lines(text: str, *, longest: int, lines_max: int) -> str | None:
    """Return what is written in several lines; None where one of them is not plain text."""
    said = unicodedata.normalize("NFC", text).strip()
    lines = said.split(BREAKS)
    if len(said) > longest or len(lines) > lines_max:
        return None
    return said if all(not line.strip() or _is_plain(line) for line in lines) else None


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
