"""What chat tells conditions: how many the party of a character is, and its rank in its guild."""

from __future__ import annotations

from dataclasses import replace

from aether.kernel.conditions import Situation, register_source
from apps.chat import guilds, selectors
from apps.chat.rules import guilds as rules


def _fill(situation: Situation, character_id: int) -> Situation:
    company = selectors.company_of(character_id)
    return replace(situation, party_size=len(company.members) if company else 1)


def _guild(situation: Situation, character_id: int) -> Situation:
    own = guilds.memberships([character_id]).get(character_id)
    may = None if own is None else frozenset[str](rules.named(own.standing.permissions))
    rank = None if own is None else own.standing.position + 1
    return replace(situation, guild=may, guild_rank=rank)


register_source("chat", ("party_size",), _fill)
register_source("chat.guilds", ("guild", "guild_rank"), _guild)
