"""What chat tells conditions: how many the party of a character is."""

from __future__ import annotations

from dataclasses import replace

from aether.kernel.conditions import Situation, register_source
from apps.chat import selectors


def _fill(situation: Situation, character_id: int) -> Situation:
    company = selectors.company_of(character_id)
    return replace(situation, party_size=len(company.members) if company else 1)


register_source("chat", ("party_size",), _fill)
