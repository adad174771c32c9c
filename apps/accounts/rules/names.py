"""Which names a character may bear, and when two names look the same to people.

A name is one word of Latin letters as Europe writes them; other alphabets are refused, because their
look-alikes of Latin letters are how impostors are made. The skeleton of a name is what the eye sees.
"""

from __future__ import annotations

import unicodedata

NAME_LENGTH_MIN = 3
NAME_LENGTH_MAX = 16

_LETTERS = frozenset(
    chr(code)
    for code in (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x180))
    if chr(code).isalpha() and unicodedata.normalize("NFKC", chr(code)) == chr(code)
)
_STROKES = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "þ": "p", "ŧ": "t", "ĸ": "k"}
)
_LOOKS = (("æ", "ae"), ("œ", "oe"), ("rn", "m"), ("vv", "w"), ("l", "i"), ("j", "i"))

_RESERVED_WORDS = (
    "admin administrator administrateur aether console game gamemaster gm mj mod moderator moderateur "
    "modo nobody null official officiel owner root server serveur staff support system systeme team undefined"
)
_RESERVED_PARTS = "admin gamemaster moderator moderateur"


def normalised(name: str) -> str:
    """Return a name in the one form that is stored."""
    return unicodedata.normalize("NFKC", name)


def skeleton(name: str) -> str:
    """Return what a name looks like: two names with the same skeleton cannot be told apart."""
    plain = unicodedata.normalize("NFD", normalised(name).casefold().translate(_STROKES))
    seen = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for look, same in _LOOKS:
        seen = seen.replace(look, same)
    return seen


def has_bad_length(name: str) -> bool:
    return not NAME_LENGTH_MIN <= len(name) <= NAME_LENGTH_MAX


def has_foreign_letters(name: str) -> bool:
    """Anything that is not a letter counts too: digits, spaces, marks that combine, invisible characters."""
    return not set(name) <= _LETTERS


def is_reserved(name: str) -> bool:
    """Names of the staff and of the platform, and what looks like one."""
    seen = skeleton(name)
    # Small, "cl" is a "d". To everybody it would make one name of Clara and Dara.
    looks = {seen, seen.replace(skeleton("cl"), "d")}
    return bool(looks & _RESERVED) or any(part in look for part in _PARTS for look in looks)


_RESERVED = frozenset(skeleton(word) for word in _RESERVED_WORDS.split())
_PARTS = tuple(skeleton(word) for word in _RESERVED_PARTS.split())
