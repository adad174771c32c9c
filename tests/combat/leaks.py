"""Invariant 56: a scanner of whole messages, which names everything in one that its audience may not have.

It holds what was sent, as it was sent, against the list of `aether.protocol.combat_audiences`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from aether.protocol.combat_audiences import ALLOWED, DETAILS, Allowed, To
from aether.protocol.combat_events import FieldLaid, SkillCast
from aether.protocol.combat_values import Cell, CombatantView, Field
from aether.protocol.gateway import ErrorBody
from apps.combat import engine

TAG = "e"


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """What is so, to hold a message against.

    `teams` by combatant; `seen_at` where others see who is unseen; `cast` the cast that a message tells of.
    `secrets` are words that nobody may find in any message.
    """

    teams: Mapping[int, int]
    seen_at: Mapping[int, Cell] = {}
    cast: SkillCast | None = None
    secrets: frozenset[str] = frozenset()


def truth_of(battle: engine.Battle, *, secrets: frozenset[str] = frozenset()) -> Truth:
    unseen = {each.id: each.seen_at for each in battle.combatants if each.is_hidden}
    return Truth(teams={each.id: each.team for each in battle.combatants}, seen_at=unseen, secrets=secrets)


def leaks(sent: bytes | str, kind: Any, audience: str, truth: Truth) -> list[str]:
    """Return what a message, decoded as `kind`, tells its audience and may not."""
    text = sent if isinstance(sent, str) else sent.decode()
    raw = msgspec.json.decode(text)
    found = [f"secret {secret}" for secret in truth.secrets if secret in text]
    return [*found, *_Scan(audience, truth).of(msgspec.convert(raw, kind), raw, None, "")]


class _Scan:
    """A walk through a message: each value beside the fields that were really sent for it."""

    def __init__(self, audience: str, truth: Truth) -> None:
        self.audience = audience
        self.truth = truth
        self.is_revealing = False

    def of(self, value: Any, raw: Any, team: int | None, where: str) -> Iterator[str]:
        if isinstance(value, msgspec.Struct):
            yield from self.struct(value, raw, self.team_of(value, team), f"{where}/{type(value).__name__}")
        elif isinstance(value, tuple | list):
            for inner, sent in zip(value, raw, strict=True):
                yield from self.of(inner, sent, team, where)

    def struct(self, value: msgspec.Struct, raw: Any, team: int | None, where: str) -> Iterator[str]:
        allowed = ALLOWED.get(type(value))
        if allowed is None:
            yield f"{where} is not listed"
            return
        if not self.may(allowed.told, value, team) and not self.is_revealing:
            yield f"{where} is not for {self.audience}"
        if isinstance(value, ErrorBody):
            yield from self.refusal(value, where)
        outside, self.is_revealing = self.is_revealing, self.is_revealing or allowed.reveals
        for name, sent in raw.items():
            if name == TAG and name not in allowed.fields:
                continue
            yield from self.field(allowed, value, name, sent, team, f"{where}.{name}")
        self.is_revealing = outside

    def field(
        self, allowed: Allowed, value: msgspec.Struct, name: str, sent: Any, team: int | None, where: str
    ) -> Iterator[str]:
        to = allowed.fields.get(name)
        if to is None:
            yield f"{where} is not listed"
            return
        if to is To.COMRADES:
            if not all(self.is_own(self.truth.teams[who]) for who in sent):
                yield f"{where} is not for {self.audience}"
        elif to is To.STAND_IN:
            if not self.is_own(team) and not self.is_where_it_seems(value, name, sent):
                yield f"{where} is not what it seems to {self.audience}"
        elif sent and not self.may(to, value, team):
            yield f"{where} is not for {self.audience}"
        yield from self.of(getattr(value, name), sent, team, where)

    def may(self, to: To, value: msgspec.Struct, team: int | None) -> bool:
        if to is To.OWN:
            return self.is_own(team)
        if to is To.UNLESS_UNSEEN:
            return self.is_own(team) or not _is_unseen(value)
        return to is not To.OMNISCIENT or self.audience == engine.OMNISCIENT

    def is_own(self, team: int | None) -> bool:
        return self.audience in (engine.OMNISCIENT, f"team:{team}")

    def is_where_it_seems(self, value: msgspec.Struct, name: str, sent: Any) -> bool:
        if isinstance(value, CombatantView):
            return not value.is_hidden or tuple(sent) == self.truth.seen_at.get(value.id, tuple(sent))
        cast = self.truth.cast
        if cast is None or cast.shown is None:
            return True
        return not sent if name == "target" else tuple(sent) == cast.shown

    def team_of(self, value: msgspec.Struct, outer: int | None) -> int | None:
        """Return the team of whom a value is about."""
        if isinstance(value, FieldLaid):
            return value.field.team
        team: int | None = getattr(value, "team", None)
        who: int | None = getattr(value, "who", None)
        return team if team is not None else self.truth.teams.get(who or 0, outer)

    def refusal(self, error: ErrorBody, where: str) -> Iterator[str]:
        for name in error.details.keys() - DETAILS.get(error.code, frozenset()):
            yield f"{where}.details.{name} of {error.code} is not listed"


def _is_unseen(value: msgspec.Struct) -> bool:
    if isinstance(value, FieldLaid):
        return _is_unseen(value.field)
    if isinstance(value, Field):
        return value.kind == "trap" and not value.is_revealed
    return bool(getattr(value, "is_hidden", False))
