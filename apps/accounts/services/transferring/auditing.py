"""Whether every character, and everything that it took along, is in exactly one place."""

from __future__ import annotations

from collections.abc import Iterator

from aether.kernel import shards
from apps.accounts.models import Arrival, Character, CharacterName, Departure, Transfer
from apps.accounts.services.transferring import luggage
from apps.accounts.services.transferring.luggage import Package, Stage
from apps.accounts.services.transferring.telling import State

_HAS_ARRIVED = (State.IMPORTED, State.DONE)


def audit_transfers() -> list[str]:
    """Return what is wrong on this shard. Run on each shard, it covers the realm.

    Transfers that are under way at this moment may be told of; those that have ended may not.
    """
    return [*_wrong_names(), *_wrong_departures(), *_wrong_arrivals()]


def _wrong_names() -> Iterator[str]:
    here = dict(Character.objects.filter(gone_to="").values_list("name_key", "name"))
    taken = set(CharacterName.objects.filter(shard=shards.here()).values_list("name_key", flat=True))
    under_way = {each.name for each in Transfer.objects.exclude(state__in=Transfer.ENDED).defer("package")}
    for key, name in here.items():
        if key not in taken and name not in under_way:
            yield f"{name} plays here, and the realm says elsewhere"
    gone = dict(Character.objects.exclude(gone_to="").values_list("name_key", "name"))
    for key in (taken & gone.keys()) - here.keys():
        if gone[key] not in under_way:
            yield f"{gone[key]} has left, and the realm says that it is here"


def _wrong_departures() -> Iterator[str]:
    states = dict(Transfer.objects.filter(source=shards.here()).values_list("pk", "state"))
    for departure in Departure.objects.all():
        state = states.get(departure.pk)
        if departure.package is not None:
            yield from _wrong_parts(departure, "out", departure.package)
            if departure.state == Departure.State.RETURNED:
                yield from _wrong_parts(departure, "back", departure.package)
        if state in _HAS_ARRIVED and departure.state == Departure.State.RETURNED:
            yield f"{departure.pk} has arrived, and was taken back"
        if state == State.RETURNED and departure.state != Departure.State.RETURNED:
            yield f"{departure.pk} has come back, and the source still holds it packed"
        if state is None:
            yield f"{departure.pk} has left, and the realm knows nothing of it"


def _wrong_arrivals() -> Iterator[str]:
    known = {each.pk: each for each in Transfer.objects.filter(target=shards.here())}
    arrived = {each.pk: each for each in Arrival.objects.all()}
    for pk, arrival in arrived.items():
        transfer = known.get(pk)
        if transfer is None:
            yield f"{pk} has arrived, and the realm knows nothing of it"
        elif not arrival.declined_for:
            if transfer.state not in (*_HAS_ARRIVED, State.IMPORTING):
                yield f"{pk} has arrived, and the realm says {transfer.state}"
            if transfer.package is None or luggage.digest_of(transfer.package) != arrival.digest:
                yield f"{pk} has brought something else than was packed"
            else:
                yield from _wrong_parts(arrival, "in", transfer.package)
    for pk, transfer in known.items():
        if transfer.state in _HAS_ARRIVED and (pk not in arrived or arrived[pk].declined_for):
            yield f"{pk} is said to have arrived, and has not"


def _wrong_parts(row: Departure | Arrival, stage: Stage, package: Package) -> Iterator[str]:
    for part in luggage.parts():
        if part.name in package:
            yield from part.audit(row.pk, stage, package[part.name])
