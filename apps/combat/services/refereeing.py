"""What game masters do to battles: each act has a name, a reason and an entry in the journal."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from aether.kernel import audit, realtime
from apps.combat.errors import BattleOverError
from apps.combat.models import BattleRecord
from apps.combat.services import parking

Status = BattleRecord.Status


@transaction.atomic
def end_as_draw(*, actor: AbstractBaseUser, battle_id: int, reason: str) -> None:
    """End a battle that runs, or that a fault has stopped: nobody wins, nobody is paid, everybody is free."""
    was = BattleRecord.objects.values_list("status", flat=True).get(pk=battle_id)
    if was == Status.LIVE:
        # The log before the row, as whoever plays on takes them: so neither waits for the other.
        parking.write_end(battle_id, "staff", reason.strip())
    record = BattleRecord.objects.select_for_update().get(pk=battle_id)
    if record.status != was or was not in (Status.LIVE, Status.FAULTED):
        raise BattleOverError
    details: dict[str, object] = {"was": "live" if was == Status.LIVE else "faulted"}
    audit.record(actor, "draw_battle", f"battle:{battle_id}", reason, details)
    parking.free(record, Status.DRAWN)
    transaction.on_commit(lambda: _tell_watchers(battle_id), robust=True)


def _tell_watchers(battle_id: int) -> None:
    """Have the loop of this process tell those who look on; players are told by themselves as well."""
    serving = realtime.current()
    if serving is not None:
        hub = serving.hub
        hub.loop.call_soon_threadsafe(lambda: hub.spawn(parking.tell_end(battle_id)))
