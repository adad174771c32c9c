"""Combat's part of the content: which folders it reads, how they are checked, and the rules of a release."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec
from django.db import transaction

from aether.kernel import content
from aether.kernel.database_threads import in_database_thread
from aether.protocol.combat_values import NotReplayable
from apps.combat import engine
from apps.combat.ranks import written_out
from apps.economy import selectors as economy

RULEBOOKS_KEPT = 8

_recorded: set[str] = set()
_on_loop: dict[str, engine.Rulebook] = {}


def register() -> None:
    """Tell the content system what combat's documents are."""
    for kind, definition in engine.KINDS.items():
        content.register(kind, definition, expander=written_out if kind == "skills" else None)
    content.register_check(_problems)
    content.expose("classes", "name", "description", "icon", "element", "skills")
    content.expose("skills", *_fields_of("skills"))
    content.expose("monsters", "name", "description", "icon", "level", "lines")
    content.expose("tags", "name", "effect")
    content.expose("battle", "wear")


def _fields_of(kind: str) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(engine.KINDS[kind]) if field.name != "id"]


def current_rulebook() -> engine.Rulebook:
    """Return the rules that new battles begin with, kept for as long as such a battle may be looked at.

    Call inside the transaction of the battle.
    """
    pack = content.current()
    if pack.hash not in _recorded:
        content.record(pack)
        transaction.on_commit(lambda: _recorded.add(pack.hash))
    return rulebook_of(pack.hash)


@lru_cache(maxsize=RULEBOOKS_KEPT)
def rulebook_of(content_hash: str) -> engine.Rulebook:
    """Return the rules of the release that a battle pins."""
    return rulebook_in(content.release(content_hash))


def rulebook_in(pack: content.Pack) -> engine.Rulebook:
    """Return the rules that a pack holds."""
    return engine.rulebook(_combat_part(pack), content_hash=pack.hash)


async def rulebook_on_loop(content_hash: str) -> engine.Rulebook:
    """Return the rules of a release; only those that are not in memory are read, in a database thread."""
    known = _on_loop.get(content_hash)
    if known is None:
        known = await in_database_thread(rulebook_of, content_hash)
        if len(_on_loop) >= RULEBOOKS_KEPT:
            _on_loop.clear()
        _on_loop[content_hash] = known
    return known


def why_not_replayable(rules_version: int, content_hash: str) -> NotReplayable | None:
    """Return why a battle cannot be fought again here; nothing, if it can."""
    if rules_version != engine.RULES_VERSION:
        return "rules"
    return None if content.is_kept(content_hash) else "content"


def monster_name(ref: str, language: str) -> str:
    """Return what a kind of monster is called now; its id where the content has it no more."""
    found = content.current().all(engine.MonsterDef).get(ref)
    if found is None:
        return ref
    return found.name.fr if language.startswith("fr") else found.name.en


def monster_names(language: str) -> list[tuple[str, str]]:
    """Return every kind of monster with its name, by name."""
    refs = content.current().all(engine.MonsterDef)
    return sorted(((ref, monster_name(ref, language)) for ref in refs), key=lambda pair: pair[1])


def _combat_part(pack: content.Pack) -> engine.CombatPack:
    parts: dict[str, Any] = {kind: dict(pack.all(definition)) for kind, definition in engine.KINDS.items()}
    items = {
        item: engine.CarriedDef(skill=use.skill, carried_max=use.carried_max)
        for item, use in economy.battle_uses(pack).items()
    }
    return engine.CombatPack(**parts, items=items)


def _problems(pack: content.Pack) -> Iterable[content.Problem]:
    for problem in engine.validate(_combat_part(pack)):
        place = pack.where(problem.kind, problem.id, *_keys(problem.path))
        yield content.Problem(place, f"{problem.path}: {problem.message}")


def _keys(path: str) -> list[str | int]:
    """Split `ranks[0].effects[1].min` into its keys."""
    keys = path.replace("[", ".").replace("]", "").split(".")
    return [int(key) if key.isdigit() else key for key in keys if key]
