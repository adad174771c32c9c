"""Asking for a transfer, and calling it back: what players decide, and staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from aether.kernel import audit, clock, realm, shards
from aether.kernel.errors import NotFoundError
from apps.accounts import selectors
from apps.accounts.errors import (
    SameShardError,
    ShardNotOpenError,
    TooManyCharactersError,
    TransferBlockedError,
    TransferStoppedError,
    TransferTooLateError,
    TransferTooSoonError,
    TransferUnderWayError,
)
from apps.accounts.models import Account, CharacterName, Transfer
from apps.accounts.selectors import CHARACTERS_MAX, CharacterRecord
from apps.accounts.services.transferring import arriving, luggage
from apps.accounts.services.transferring.luggage import Blocker
from apps.accounts.services.transferring.telling import State, tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What leaving means for a character now: what it costs, what goes along, and what keeps it here."""

    fee: int
    may_leave_at: datetime | None
    blockers: Sequence[Blocker]
    goes_along: dict[str, int]


def plan_transfer(*, account_id: int, character_id: int) -> Plan:
    """Return what a transfer of this character would mean."""
    character = selectors.character_of_account(account_id, character_id)
    terms = _terms()
    goes_along: dict[str, int] = {}
    for part in luggage.parts():
        goes_along |= part.counts(character.id)
    return Plan(
        fee=terms.transfer_fee,
        may_leave_at=_may_leave_at(character, terms.transfer_cooldown_s),
        blockers=luggage.blockers_of(character.id, terms.transfer_fee),
        goes_along=goes_along,
    )


def request_transfer(*, account_id: int, character_id: int, target: str) -> UUID:
    """Ask for a character to be brought to another shard; refuse whatever keeps it here, all at once."""
    character = selectors.character_of_account(account_id, character_id)
    terms = _terms()
    _require_open(target)
    until = _may_leave_at(character, terms.transfer_cooldown_s)
    if until is not None:
        raise TransferTooSoonError(until=f"{until:%Y-%m-%d %H:%M} UTC")
    there = CharacterName.objects.filter(account_id=account_id, shard=target).count()
    if there >= CHARACTERS_MAX:
        raise TooManyCharactersError(most=CHARACTERS_MAX)
    blockers = luggage.blockers_of(character.id, terms.transfer_fee)
    if blockers:
        raise TransferBlockedError(blockers=blockers)
    try:
        with realm.atomic():
            return _created(character, target, terms.transfer_fee)
    except IntegrityError as error:
        raise TransferUnderWayError from error


def call_back(*, account_id: int, transfer_id: UUID) -> None:
    """Have a character come back that has not arrived yet."""
    transfer = Transfer.objects.filter(pk=transfer_id, account_id=account_id).first()
    if transfer is None:
        raise NotFoundError
    _call_back(transfer)


def call_back_as_staff(*, actor: Account, transfer_id: UUID, reason: str) -> None:
    """Have a character come back; while it arrives, only the shard where it does can still decline it."""
    transfer = _existing(transfer_id)
    with transaction.atomic():
        _record(actor, "cancel_transfer", transfer, reason)
    if transfer.state == State.IMPORTING and transfer.target == shards.here():
        if not arriving.decline(transfer, TransferStoppedError()):
            raise TransferTooLateError
        return
    _call_back(transfer)


def retry_transfer(*, actor: Account, transfer_id: UUID, reason: str) -> None:
    """Let a transfer that has failed be tried again at once."""
    transfer = _existing(transfer_id)
    with realm.atomic(), transaction.atomic():
        _record(actor, "retry_transfer", transfer, reason)
        Transfer.objects.filter(pk=transfer_id).update(due_at=clock.utc_now(), attempts=0, error="")


def _created(character: CharacterRecord, target: str, fee: int) -> UUID:
    transfer = Transfer.objects.create(
        account_id=character.account_id,
        name=character.name,
        source=shards.here(),
        target=target,
        source_character=character.id,
        fee=fee,
    )
    return transfer.pk


def _terms() -> shards.ShardRecord:
    """Return the terms of this shard, which may be so new that the realm has not heard of it yet."""
    try:
        return shards.record_of(shards.here())
    except NotFoundError:
        shards.beat()
        return shards.record_of(shards.here())


def _require_open(target: str) -> None:
    if target == shards.here():
        raise SameShardError
    there = shards.record_of(target)
    if not there.is_open:
        raise ShardNotOpenError(standing=there.standing)


def _may_leave_at(character: CharacterRecord, cooldown_s: int) -> datetime | None:
    """Return when a character that has come here lately may leave again; None where it may now."""
    last = (
        Transfer.objects.filter(account_id=character.account_id, name=character.name, state=State.DONE)
        .order_by("-changed_at")
        .first()
    )
    until = last and last.changed_at + timedelta(seconds=cooldown_s)
    return until if until and until > clock.utc_now() else None


def _call_back(transfer: Transfer) -> None:
    if not any(tell(transfer.pk, State(before), State.CANCELLING) for before in Transfer.MAY_BE_CALLED_BACK):
        raise TransferTooLateError


def _existing(transfer_id: UUID) -> Transfer:
    transfer = Transfer.objects.filter(pk=transfer_id).first()
    if transfer is None:
        raise NotFoundError
    return transfer


def _record(actor: Account, action: str, transfer: Transfer, reason: str) -> None:
    details: dict[str, object] = {
        "character": transfer.name,
        "from": transfer.source,
        "to": transfer.target,
        "state": transfer.state,
    }
    audit.record(actor, action, f"transfer:{transfer.pk}", reason, details)
