"""The settlement of a battle once more: its end is told again, and whoever has done its part does nothing."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from msgspec.structs import replace

from aether.kernel import audit, clock, facts
from aether.kernel.facts.types import BattleEnded
from apps.combat import replays
from apps.combat.errors import BattleNotOverError, SettledLongAgoError
from apps.combat.models import BattleRecord
from apps.combat.rulebooks import rulebook_of
from apps.combat.running import Place
from apps.combat.services import ending, parking

KEPT = timedelta(days=facts.KEPT_DAYS)


@transaction.atomic
def settle_again(*, actor: AbstractBaseUser, battle_id: int, reason: str) -> None:
    """Tell the end of a battle again to all who have not done their part; publish it anew where it was lost.

    A fact that is kept no more was done by everybody, long ago.
    """
    record = BattleRecord.objects.select_for_update().get(pk=battle_id)
    if record.ended_at is None:
        raise BattleNotOverError
    known = facts.about(BattleEnded, battle_id)
    if not known and record.ended_at < clock.utc_now() - KEPT:
        raise SettledLongAgoError
    carried = [name for event_id in known for name in facts.carry_again(BattleEnded, event_id)]
    if not known:
        facts.publish(replace(_end_of(record), is_again=True))
    details: dict[str, object] = {"facts": known, "to": carried, "anew": not known}
    audit.record(actor, "settle_battle", f"battle:{battle_id}", reason, details)


def _end_of(record: BattleRecord) -> BattleEnded:
    """Return the fact of a battle's end as it follows from its log."""
    who = list(record.participants.order_by("character_id").values_list("character_id", flat=True))
    if record.status != BattleRecord.Status.ENDED:
        return parking.unpaid_end(record, who)
    log = replays.read_log(record.pk)
    rulebook = rulebook_of(log.opened.header.content_hash)
    mode = record.kind
    place = Place(mode, record.zone, record.instance, record.group_id, log.opened.bonus_pct)
    return ending.fact_of(replays.state_after(log), place, rulebook, replays.server_seed_of(log))
