"""Compensation for a battle that went wrong: once for each person, by the ledger, a large one by two."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from aether.kernel import audit, realtime
from aether.kernel.audit import SecondPersonError
from aether.protocol.accounts import NoticeReceived
from apps.accounts import services as accounts
from apps.combat.errors import CompensatedError, NothingToCompensateError, NotToCompensateError
from apps.combat.models import BattleCompensation, BattleRecord
from apps.economy import services as economy

GLIM_MAX = 1_000_000
XP_MAX = 100_000
ALONE_GLIM_MAX = 500
ALONE_XP_MAX = 1_000
"""What one game master may give to each alone; more takes a second one."""

GONE_WRONG = (BattleRecord.Status.FAULTED, BattleRecord.Status.DRAWN)


def takes_two(*, glim: int, xp: int) -> bool:
    """Tell if an amount, for each person, is more than one game master may give alone."""
    return glim > ALONE_GLIM_MAX or xp > ALONE_XP_MAX


@transaction.atomic
def compensate(
    *,
    actor: AbstractBaseUser,
    battle_id: int,
    glim: int,
    xp: int,
    reason: str,
    approved_by: AbstractBaseUser | None = None,
) -> list[int]:
    """Give everybody who was in a battle the same; return to whom: those who have had theirs get no more."""
    record = BattleRecord.objects.select_for_update().get(pk=battle_id)
    is_draw = record.participants.filter(outcome="drawn").exists()
    if record.status not in GONE_WRONG and not is_draw:
        raise NotToCompensateError
    if not (0 <= glim <= GLIM_MAX and 0 <= xp <= XP_MAX and glim + xp):
        raise NothingToCompensateError(glim=GLIM_MAX, xp=XP_MAX)
    if takes_two(glim=glim, xp=xp) and (approved_by is None or approved_by.pk == actor.pk):
        raise SecondPersonError
    had = set(record.compensations.values_list("character_id", flat=True))
    players = record.participants.order_by("character_id").values_list("character_id", flat=True)
    due = [character_id for character_id in players if character_id not in had]
    if not due:
        raise CompensatedError
    approver = approved_by.get_username() if approved_by else ""
    details: dict[str, object] = {"glim": glim, "xp": xp, "to": due, "approved_by": approver}
    audit.record(actor, "compensate_battle", f"battle:{battle_id}", reason, details)
    BattleCompensation.objects.bulk_create(
        BattleCompensation(
            battle=record,
            character_id=character_id,
            glim=glim,
            xp=xp,
            reason=reason.strip(),
            actor=actor.get_username(),
            approved_by=approver,
        )
        for character_id in due
    )
    for character_id in due:
        _give(battle_id, character_id, glim, xp, reason.strip())
    return due


def _give(battle_id: int, character_id: int, glim: int, xp: int, reason: str) -> None:
    cause = f"compensation:battle:{battle_id}"
    if glim:
        economy.compensate(
            character_id=character_id,
            glim=glim,
            cause=cause,
            idempotency_key=f"{cause}:{character_id}",
            note=reason,
        )
    if xp:
        accounts.grant_xp(character_id=character_id, amount=xp, cause=cause)
    values = {"glim": str(glim), "xp": str(xp), "reason": reason}
    realtime.tell_character(character_id, NoticeReceived(key="compensated", values=values))
