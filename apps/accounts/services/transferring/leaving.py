"""The source's side of a transfer: freeze, pack, release, and taking back."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from aether.kernel import clock, journal, realtime
from aether.kernel.journal import StreamKind
from apps.accounts.models import Character, Departure, Transfer
from apps.accounts.rules.progress import STATS
from apps.accounts.services.transferring import luggage
from apps.accounts.services.transferring.entries import CharacterCameBack, CharacterLeft
from apps.accounts.services.transferring.luggage import Journey, Package
from apps.accounts.services.transferring.telling import State, reach, tell

LEFT = 4401
"""The close code of the sockets of a character that leaves."""

# Until all this has ended, something may still reach the character: commands that had begun before it was
# frozen, and facts that name it.
_UNREST = """
SELECT EXISTS (
    SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
        AND pid <> pg_backend_pid() AND xact_start < %s
) OR EXISTS (
    SELECT FROM kernel_outboxfact WHERE due_at IS NOT NULL
        AND jsonb_path_exists(payload::jsonb, '$.** ? (@ == $who)', jsonb_build_object('who', %s::bigint))
)
"""


def freeze(transfer: Transfer) -> bool:
    """Let nobody play the character any more. Its last commands end while it rests."""
    with transaction.atomic():
        departure = _departure(transfer)
        if departure.state == Departure.State.LEAVING:
            character = _locked(transfer)
            character.gone_to = transfer.target
            character.save(update_fields=["gone_to"])
            realtime.close_character(character.pk, LEFT, "transfer")
    reach("transfer_frozen")
    return tell(transfer.pk, State.REQUESTED, State.FROZEN)


def pack(transfer: Transfer) -> bool:
    """Pack what the character has, or let it stay if it turns out that something is open."""
    with transaction.atomic():
        departure = _departure(transfer)
        character = _locked(transfer)
        if departure.state == Departure.State.LEAVING:
            if _is_restless(transfer):
                return False
            departure.why = [each._asdict() for each in luggage.blockers_of(character.pk, transfer.fee)]
            if departure.why:
                _stay(character, departure)
            else:
                _pack(transfer, departure, character)
                reach("transfer_packing")
    reach("transfer_packed")
    if departure.state == Departure.State.PACKED and departure.package is not None:
        digest = luggage.digest_of(departure.package)
        return tell(transfer.pk, State.FROZEN, State.EXPORTED, package=departure.package, digest=digest)
    return tell(transfer.pk, State.FROZEN, State.RETURNED, why=departure.why)


def release(transfer: Transfer) -> bool:
    """Note that the character lives elsewhere now. What is left of it here only answers for its name."""
    Departure.objects.filter(pk=transfer.pk).update(state=Departure.State.RELEASED)
    reach("transfer_released")
    return tell(transfer.pk, State.IMPORTED, State.DONE)


def take_back(transfer: Transfer) -> bool:
    """Give the character everything back and let it be played again."""
    with transaction.atomic():
        departure = _departure(transfer, new=Departure.State.RETURNED)
        if departure.state in (Departure.State.LEAVING, Departure.State.PACKED):
            character = _locked(transfer)
            if departure.package is not None:
                _put_back(transfer, departure.package)
                came = CharacterCameBack(transfer=str(transfer.pk))
                journal.record(StreamKind.CHARACTER, character.pk, came)
            _stay(character, departure)
            reach("transfer_returning")
    reach("transfer_returned")
    return tell(transfer.pk, State.CANCELLING, State.RETURNED)


def _departure(transfer: Transfer, new: Departure.State = Departure.State.LEAVING) -> Departure:
    """Return the locked row of what this shard has done; one that is new says what comes next."""
    Departure.objects.get_or_create(
        pk=transfer.pk,
        defaults={"character_id": transfer.source_character, "target": transfer.target, "state": new},
    )
    return Departure.objects.select_for_update().get(pk=transfer.pk)


def _locked(transfer: Transfer) -> Character:
    return Character.objects.select_for_update().get(pk=transfer.source_character)


def _is_restless(transfer: Transfer) -> bool:
    """Tell if something may still reach the character, which was frozen before `changed_at`."""
    if clock.utc_now() < transfer.changed_at + timedelta(seconds=settings.TRANSFER_REST_S):
        return True
    with connection.cursor() as cursor:
        cursor.execute(_UNREST, [transfer.changed_at, transfer.source_character])
        return bool(cursor.fetchone()[0])


def _pack(transfer: Transfer, departure: Departure, character: Character) -> None:
    journey = _journey(transfer)
    package: Package = {"character": _described(character)}
    for part in luggage.parts():
        package[part.name] = part.pack(journey)
    departure.package, departure.state = package, Departure.State.PACKED
    departure.save(update_fields=["package", "state"])
    left = CharacterLeft(transfer=str(transfer.pk), target=transfer.target)
    journal.record(StreamKind.CHARACTER, character.pk, left, actor_id=character.pk)


def _put_back(transfer: Transfer, package: Package) -> None:
    for part in luggage.parts():
        if part.name in package:
            part.put_back(_journey(transfer), package[part.name])


def _stay(character: Character, departure: Departure) -> None:
    character.gone_to = ""
    character.save(update_fields=["gone_to"])
    departure.state = Departure.State.RETURNED
    departure.save(update_fields=["state", "why"])


def _journey(transfer: Transfer) -> Journey:
    return Journey(transfer=transfer.pk, character_id=transfer.source_character, fee=transfer.fee)


def _described(character: Character) -> dict[str, object]:
    return {
        "name": character.name,
        "class": character.class_id,
        "xp_total": character.xp_total,
        "stats": {stat: getattr(character, stat) for stat in STATS},
        "created_at": character.created_at.isoformat(),
    }
