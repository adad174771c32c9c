"""The list of shards: each tells of itself every few seconds; who is silent for a minute counts as away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from aether.kernel import audit, clock, realm
from aether.kernel.errors import NotFoundError
from aether.kernel.live import presence
from aether.kernel.shards.models import Shard

SILENT_S = 60

Standing = Literal["open", "full", "maintenance", "closed", "away"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardRecord:
    """A shard as others see it. `standing` is what decides if somebody may come."""

    id: str
    name_en: str
    name_fr: str
    address: str
    standing: Standing
    online: int
    capacity: int
    transfer_fee: int
    transfer_cooldown_s: int

    @property
    def is_open(self) -> bool:
        return self.standing == "open"

    def name_in(self, language: str) -> str:
        return self.name_fr if language.startswith("fr") else self.name_en


def here() -> str:
    """Return the shard that this process serves."""
    return str(settings.SHARD["id"])


def beat() -> None:
    """Tell the realm that this shard is there, and how many people are on it. Call from a thread."""
    told = settings.SHARD
    now, online = clock.utc_now(), len(presence.online_characters())
    described = {
        "name_en": told["name_en"],
        "name_fr": told["name_fr"],
        "address": told["address"],
        "capacity": told["capacity"],
        "online": online,
        "seen_at": now,
    }
    Shard.objects.update_or_create(pk=here(), defaults=described)


def shards() -> list[ShardRecord]:
    """Return the shards of the realm, in the order of their ids."""
    return [_record(row) for row in Shard.objects.all()]


def record_of(shard_id: str) -> ShardRecord:
    """Return a shard; refuse where there is none."""
    row = Shard.objects.filter(pk=shard_id).first()
    if row is None:
        raise NotFoundError
    return _record(row)


def change_state(*, actor: AbstractBaseUser, shard_id: str, state: str, reason: str) -> None:
    """Open a shard, or close it to those who are not there yet (staff)."""
    assert state in Shard.State.values
    _change(actor, "shard_state", shard_id, reason, {"state": state})


def change_terms(*, actor: AbstractBaseUser, shard_id: str, fee: int, cooldown_s: int, reason: str) -> None:
    """Say what leaving a shard costs, and how long who has come stays at least (staff)."""
    terms: dict[str, int | str] = {"transfer_fee": fee, "transfer_cooldown_s": cooldown_s}
    _change(actor, "shard_terms", shard_id, reason, terms)


def _change(
    actor: AbstractBaseUser, action: str, shard_id: str, reason: str, changed: dict[str, int | str]
) -> None:
    # The journal of this shard first: an act without a trace would be worse than a trace without its act.
    with realm.atomic(), transaction.atomic():
        audit.record(actor, action, f"shard:{shard_id}", reason, {**changed})
        if not Shard.objects.filter(pk=shard_id).update(**changed):
            raise NotFoundError


def _record(row: Shard) -> ShardRecord:
    return ShardRecord(
        id=row.pk,
        name_en=row.name_en,
        name_fr=row.name_fr,
        address=row.address,
        standing=standing_of(row),
        online=row.online,
        capacity=row.capacity,
        transfer_fee=row.transfer_fee,
        transfer_cooldown_s=row.transfer_cooldown_s,
    )


def standing_of(row: Shard) -> Standing:
    """Return whether a shard takes people, and if not, why."""
    if row.state == Shard.State.CLOSED:
        return "closed"
    if row.state == Shard.State.MAINTENANCE:
        return "maintenance"
    if row.seen_at < clock.utc_now() - timedelta(seconds=SILENT_S):
        return "away"
    return "full" if row.online >= row.capacity else "open"
