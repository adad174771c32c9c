"""What is wrong with content, and where."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

Keys = tuple[str | int, ...]
Finding = tuple[Keys, str]


class Problem(msgspec.Struct, frozen=True):
    """What is wrong where: the folder, the id, the keys inside the document, and a sentence."""

    kind: str
    id: str
    keys: Keys
    message: str

    @property
    def path(self) -> str:
        """Return the keys as people write them: `ranks[0].effects[1].min`."""
        parts = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys)
        return "".join(parts).removeprefix(".")


def located(kind: str, content_id: str, findings: Iterable[Finding]) -> list[Problem]:
    return [Problem(kind, content_id, keys, message) for keys, message in findings]


def under(prefix: Keys, findings: Iterable[Finding]) -> Iterable[Finding]:
    for keys, message in findings:
        yield (*prefix, *keys), message
