"""Names are taken in the whole realm, so that one is enough to find somebody on any shard.

A name is taken before its bearer is made and given back if that fails; what a kill leaves between the two,
`keep_names` mends.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError

from aether.kernel import clock, realm, shards
from apps.accounts.errors import NameTakenError, TooManyCharactersError
from apps.accounts.models import Account, Character, CharacterName
from apps.accounts.rules.names import skeleton
from apps.accounts.selectors import CHARACTERS_MAX

MENDED_AFTER = timedelta(minutes=10)

Parting = Callable[[list[str]], None]
"""Is told the keys of names that end, inside the realm's transaction that ends them."""

_partings: list[Parting] = []


def register_parting(part: Parting) -> None:
    """Let an app further up, which binds something in the realm to names, let go of those that end."""
    if part not in _partings:
        _partings.append(part)


def take_name(*, account_id: int, name: str) -> None:
    """Take a name for an account's next character on this shard."""
    try:
        with realm.atomic():
            account = Account.objects.select_for_update().get(pk=account_id)
            if account.names.filter(shard=shards.here()).count() >= CHARACTERS_MAX:
                raise TooManyCharactersError(most=CHARACTERS_MAX)
            CharacterName.objects.create(
                name_key=skeleton(name), name=name, account=account, shard=shards.here()
            )
    except IntegrityError as error:
        raise NameTakenError from error


def give_back(name: str) -> None:
    """Let others have a name whose bearer could not be made. Where shard and realm are one, it never was."""
    if realm.is_apart():
        CharacterName.objects.filter(name_key=skeleton(name), shard=shards.here()).delete()


def keep_names() -> int:
    """Free the names of this shard that nobody came to bear; return how many that were."""
    if not Character.objects.exists():
        return 0  # an empty database under the name of another shard must not free all names of that one
    old = CharacterName.objects.filter(shard=shards.here(), taken_at__lt=clock.utc_now() - MENDED_AFTER)
    keys = list(old.values_list("name_key", flat=True))
    borne = set(Character.objects.filter(name_key__in=keys).values_list("name_key", flat=True))
    return _end([key for key in keys if key not in borne])


def _end(keys: list[str]) -> int:
    with realm.atomic():
        for part in _partings:
            part(keys)
        ended = CharacterName.objects.filter(name_key__in=keys, shard=shards.here())
        return ended.delete()[1].get(CharacterName._meta.label, 0)
