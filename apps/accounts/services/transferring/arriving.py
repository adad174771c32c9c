"""The target's side of a transfer: it takes what was packed once, or declines it once and for ever."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from aether.kernel import content, journal, realm, shards
from aether.kernel.errors import GameError
from aether.kernel.journal import StreamKind
from apps.accounts.errors import (
    BrokenPackageError,
    NameTakenError,
    TooManyCharactersError,
    UnknownClassError,
)
from apps.accounts.models import Arrival, Character, CharacterName, Transfer
from apps.accounts.rules.names import skeleton
from apps.accounts.rules.progress import STATS
from apps.accounts.selectors import CHARACTERS_MAX
from apps.accounts.services.transferring import luggage
from apps.accounts.services.transferring.entries import CharacterArrived
from apps.accounts.services.transferring.luggage import Content, Journey
from apps.accounts.services.transferring.telling import State, reach, tell

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def claim(transfer: Transfer) -> bool:
    """From now on the transfer cannot be called back: this shard decides."""
    is_ours = tell(transfer.pk, State.EXPORTED, State.IMPORTING)
    reach("transfer_claimed")
    return is_ours


def arrive(transfer: Transfer) -> bool:
    """Let the character live here, with everything that it brought; decline what cannot be taken."""
    try:
        arrival = _unpacked(transfer)
    except GameError as refusal:
        return decline(transfer, refusal)
    if arrival.declined_for:
        return tell(transfer.pk, State.IMPORTING, State.CANCELLING, why=[arrival.declined_for])
    reach("transfer_arrived")
    with realm.atomic():
        CharacterName.objects.filter(name_key=skeleton(transfer.name)).update(shard=shards.here())
        return tell(transfer.pk, State.IMPORTING, State.IMPORTED, target_character=arrival.character_id)


def decline(transfer: Transfer, refusal: GameError) -> bool:
    """Send the character back, unless it has arrived after all."""
    with transaction.atomic():
        _wait_for_others(transfer)
        arrival, _ = Arrival.objects.get_or_create(
            pk=transfer.pk,
            defaults={"source": transfer.source, "digest": transfer.digest, "declined_for": _told(refusal)},
        )
    reach("transfer_declined")
    if not arrival.declined_for:
        return False
    return tell(transfer.pk, State.IMPORTING, State.CANCELLING, why=[arrival.declined_for])


def _told(refusal: GameError) -> dict[str, str]:
    return {"code": refusal.code, "en": refusal.message("en"), "fr": refusal.message("fr")}


@transaction.atomic
def _unpacked(transfer: Transfer) -> Arrival:
    _wait_for_others(transfer)
    known = Arrival.objects.filter(pk=transfer.pk).first()
    if known is not None:
        return known
    if transfer.package is None or luggage.digest_of(transfer.package) != transfer.digest:
        raise BrokenPackageError
    character = _bearer(transfer, transfer.package["character"])
    journey = Journey(transfer=transfer.pk, character_id=character.pk, fee=transfer.fee)
    for part in luggage.parts():
        if part.name in transfer.package:
            part.unpack(journey, transfer.package[part.name])
    came = CharacterArrived(
        transfer=str(transfer.pk),
        source=transfer.source,
        xp_total=character.xp_total,
        stats=character.stats,
    )
    journal.record(StreamKind.CHARACTER, character.pk, came, actor_id=character.pk)
    arrival = Arrival.objects.create(
        pk=transfer.pk, source=transfer.source, digest=transfer.digest, character_id=character.pk
    )
    reach("transfer_unpacking")
    return arrival


def _wait_for_others(transfer: Transfer) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [str(transfer.pk)])


def _bearer(transfer: Transfer, brought: Content) -> Character:
    """Return the row of the character: a new one, or what it has left here when it went away."""
    if brought["class"] not in content.current().raw("classes"):
        raise UnknownClassError
    mine = Character.objects.filter(account_id=transfer.account_id, gone_to="")
    if mine.count() >= CHARACTERS_MAX:
        raise TooManyCharactersError(most=CHARACTERS_MAX)
    found = Character.objects.select_for_update().filter(name_key=skeleton(brought["name"])).first()
    if found is not None and (not found.gone_to or found.account_id != transfer.account_id):
        raise NameTakenError
    character = found or Character(
        account_id=transfer.account_id,
        name_key=skeleton(brought["name"]),
        created_at=datetime.fromisoformat(brought["created_at"]),
    )
    character.name, character.class_id = brought["name"], brought["class"]
    character.xp_total, character.gone_to = brought["xp_total"], ""
    for stat in STATS:
        setattr(character, stat, brought["stats"].get(stat, 0))
    character.save()
    return character
