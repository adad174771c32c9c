"""Who is told what a case has changed: people by letters of the house, the other apps by facts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

import msgspec

from aether.kernel import facts
from aether.kernel.facts.types import Fact, QuestsRestored, QuestsRevoked, XpRestored, XpRevoked
from apps.economy.models import Letter, RollbackCase, RollbackStep
from apps.economy.rules.rollback import Notice
from apps.economy.services.letters import Draft, write_letters
from apps.economy.services.rollback import steps


def write_people(case: RollbackCase, step: RollbackStep) -> None:
    """Write to people what the case has taken from them, given them, and lets them owe."""
    write_letters([_draft(case, notice) for notice in steps.read_notices(step)])


def tell_apps(case: RollbackCase, step: RollbackStep) -> None:
    """Tell the other apps what goes with it, or comes back with it."""
    facts.publish_all(_taken_away(case, steps.read_ending(step)))
    if case.undoes is not None:
        ending = case.undoes.steps.filter(kind=steps.TELL).get()
        facts.publish_all(_given_back(case.undoes, steps.read_ending(ending)))


def _taken_away(case: RollbackCase, ending: steps.Ending) -> Iterator[Fact]:
    for each in ending.revocations:
        yield XpRevoked(character=each.character_id, cause=each.cause, amount=each.amount, case=case.pk)
    for character, reopenings in groupby(ending.reopenings, key=attrgetter("character_id")):
        quests = tuple(each.quest for each in reopenings)
        yield QuestsRevoked(character=character, quests=quests, case=case.pk)


def _given_back(undone: RollbackCase, ending: steps.Ending) -> Iterator[Fact]:
    for character in sorted({each.character_id for each in ending.revocations}):
        yield XpRestored(character=character, case=undone.pk)
    for character in sorted({each.character_id for each in ending.reopenings}):
        yield QuestsRestored(character=character, case=undone.pk)


def _draft(case: RollbackCase, notice: Notice) -> Draft:
    changed = msgspec.to_builtins(notice)
    del changed["character_id"]
    return Draft(
        recipient_id=notice.character_id,
        source=Letter.Source.CORRECTION,
        cause=case.cause,
        contents={},
        correction={**changed, "share_pct": case.income_share_pct},
    )
