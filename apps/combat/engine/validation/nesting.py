"""Effects inside effects, with the keys under which they are written."""

from __future__ import annotations

from collections.abc import Iterator

from ..definitions import AnyEffect, Glyph, If, PerStack, Trap, Trigger, groups_within
from .problems import Keys


def groups_by_keys(effect: AnyEffect) -> Iterator[tuple[Keys, tuple[AnyEffect, ...]]]:
    """Yield what an effect carries with the keys under which it is written."""
    names: list[Keys]
    groups = groups_within(effect)
    if isinstance(effect, If):
        names = [("then",), ("else",)]
    elif isinstance(effect, Trigger | Trap | Glyph | PerStack):
        names = [("effects",)]
    else:
        names = [("options", number, "effects") for number in range(len(groups))]
    yield from zip(names, groups, strict=True)


def every_effect(effects: tuple[AnyEffect, ...]) -> Iterator[AnyEffect]:
    """Yield effects and all that they carry inside."""
    for effect in effects:
        yield effect
        for group in groups_within(effect):
            yield from every_effect(group)


def placed(effects: tuple[AnyEffect, ...], keys: Keys) -> Iterator[tuple[Keys, AnyEffect]]:
    """Yield effects and all that they carry inside, each with its keys."""
    for number, effect in enumerate(effects):
        yield (*keys, number), effect
        for inner, group in groups_by_keys(effect):
            yield from placed(group, (*keys, number, *inner))
