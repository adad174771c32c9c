"""Performing effects: each app does those of its domain, what is taken before what is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from aether.kernel.content.pack import LocalText
from aether.kernel.effects.tree import Effect

Performer = Callable[[int, Sequence[Effect], str, str], None]
"""Does some effects of its kinds for a character, from `<kind>:<reference>`; the key is for the ledger."""

ORDER = (
    "take",
    "give",
    "currency",
    "mail",
    "xp",
    "flag",
    "unlock",
    "start",
    "advance",
    "complete",
    "fail",
    "bind",
    "teleport",
)
"""Whoever does the first of these is first asked; what is not here comes last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """What the client is left to do: open a window, and show what was said."""

    opens: str | None = None
    says: tuple[LocalText, ...] = ()


@dataclass(frozen=True, slots=True)
class _Domain:
    kinds: frozenset[str]
    perform: Performer

    @property
    def rank(self) -> int:
        return min((ORDER.index(kind) for kind in self.kinds if kind in ORDER), default=len(ORDER))


_domains: dict[str, _Domain] = {}


def register_performer(name: str, kinds: Collection[str], performer: Performer) -> None:
    """Have an app do some kinds of effects; the same name takes the place of an earlier performer."""
    _domains[name] = _Domain(frozenset(kinds), performer)


def perform(
    effects: Sequence[Effect], *, character_id: int, source: str, occasion: str | None = None
) -> Performed:
    """Do some effects in the caller's transaction, all or nothing.

    The caller sees to it that the source is new to the character; entries of the ledger are keyed by it. One
    that counts as new again, because all it did was undone, is told apart by the `occasion`.
    """
    key = f"{source}:{character_id}" if occasion is None else f"{source}:{character_id}:{occasion}"
    for domain in sorted(_domains.values(), key=lambda each: each.rank):
        own = [effect for effect in effects if effect.done[0] in domain.kinds]
        if own:
            domain.perform(character_id, own, source, key)
    return Performed(
        opens=next((effect.open for effect in reversed(effects) if effect.open), None),
        says=tuple(effect.say for effect in effects if effect.say is not None),
    )
