"""Founding a guild: its name is taken in the realm, its price is paid on the shard, then it is there.

The guild is written first, where nobody sees it, with its founder as its member; the ledger entry that pays
for it names it. Only what is paid for is shown. What a kill leaves between the two, the founder's next try or
the sweep settles: paid means founded, and unpaid means that it never was. Both wait for the founder's lock,
so none of it is judged while it is under way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction

from aether.kernel import clock, failpoints, realm, shards
from aether.kernel.errors import GameError
from aether.kernel.transactions import transactional
from aether.protocol import guilds as wire
from apps.chat import guilds
from apps.chat.errors import (
    AlreadyInGuildError,
    GuildNameLengthError,
    GuildNameLettersError,
    GuildNameReservedError,
    GuildNameTakenError,
)
from apps.chat.models import Guild, GuildMember, GuildRank
from apps.chat.rules import guilds as rules
from apps.chat.services.guilds import news
from apps.chat.services.guilds.acting import key_of, require_voice

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Treasury:
    """How a character pays, as an app beside this one knows: `pay` refuses whoever cannot."""

    pay: Callable[[int, int, str], None]
    """Takes so much glim of a character, once for a key, inside the transaction that is under way."""
    is_paid: Callable[[str], bool]


_treasury: list[Treasury] = []


def register_treasury(treasury: Treasury) -> None:
    """Let an app further up say how founders pay."""
    _treasury[:] = [treasury]


@transactional
def found_guild(*, character_id: int, name: str, language: str = "en") -> wire.GuildEntered:
    """Found a guild for its price; its first ranks are called as the founder's language says."""
    require_voice(character_id)
    name = checked_name(name)
    _wait_for_others(character_id)
    settle_foundings(character_id)
    guild = _take_name(character_id, name, language)
    _reach("guild_named")
    try:
        _pay(guild)
    except GameError:
        # A refusal. Whatever else goes wrong is settled as a kill is: by the next try, or by the sweep.
        _give_back(guild)
        raise
    _reach("guild_paid")
    transaction.on_commit(lambda: _open(guild), robust=True)
    return wire.GuildEntered(guild=guild.pk, stream=guilds.stream_of(guild.pk))


def checked_name(name: str) -> str:
    """Return a name in the form that is stored; refuse what no guild may be called."""
    name = rules.normalised(name)
    if rules.has_bad_length(name):
        raise GuildNameLengthError(shortest=rules.NAME_LENGTH_MIN, longest=rules.NAME_LENGTH_MAX)
    if rules.has_foreign_letters(name):
        raise GuildNameLettersError
    if rules.is_reserved(name):
        raise GuildNameReservedError
    return name


def being_founded() -> list[int]:
    """Return the characters of this shard whose guilds are not there yet."""
    begun = Guild.objects.filter(shard=shards.here(), founded_at__isnull=True)
    return sorted(set(begun.values_list("founder_id", flat=True)))


@transactional
def mend_foundings(founder_id: int) -> None:
    """Settle what a founder began; whoever is at it now is waited for."""
    _wait_for_others(founder_id)
    settle_foundings(founder_id)


def settle_foundings(founder_id: int) -> None:
    """Let the guilds that a founder has begun be there if they are paid for, and else never have been.

    Call while nobody else founds anything for the same character.
    """
    begun = Guild.objects.filter(shard=shards.here(), founder_id=founder_id, founded_at__isnull=True)
    for guild in begun:
        if guild.price == 0 or any(treasury.is_paid(_key(guild)) for treasury in _treasury):
            _open(guild)
        else:
            _forget(guild)


def _take_name(character_id: int, name: str, language: str) -> Guild:
    """Write the guild where nobody sees it; committed before anything is paid, where the realm is apart."""
    key = key_of(character_id)
    if GuildMember.objects.filter(pk=key).exists():
        raise AlreadyInGuildError
    try:
        with realm.atomic():
            guild = _create(character_id, key, name)
            _people(guild, key, language)
    except IntegrityError:
        is_taken = Guild.objects.filter(name_key=rules.skeleton(name)).exists()
        raise (GuildNameTakenError if is_taken else AlreadyInGuildError) from None
    return guild


def _create(character_id: int, key: str, name: str) -> Guild:
    return Guild.objects.create(
        name=name,
        name_key=rules.skeleton(name),
        leader_id=key,
        shard=shards.here(),
        founder_id=character_id,
        price=guilds.price(),
    )


def _people(guild: Guild, key: str, language: str) -> None:
    ranks = [
        GuildRank.objects.create(
            guild=guild,
            position=position,
            name=first.fr if language.startswith("fr") else first.en,
            permissions=first.permissions,
        )
        for position, first in enumerate(rules.FIRST_RANKS)
    ]
    GuildMember.objects.create(name_id=key, guild=guild, rank=ranks[rules.LEADER])


def _pay(guild: Guild) -> None:
    if guild.price:
        (treasury,) = _treasury
        treasury.pay(guild.founder_id, guild.price, _key(guild))


def _open(guild: Guild) -> None:
    """Let everybody see a guild that is paid for; once, whoever does it."""
    with realm.atomic():
        unseen = Guild.objects.filter(pk=guild.pk, founded_at__isnull=True)
        is_ours = bool(unseen.update(founded_at=clock.utc_now()))
    if is_ours:
        _reach("guild_founded")
        news.tell(guild, None, [news.comes(str(guild.leader_id), guild, cause="founded")])


def _give_back(guild: Guild) -> None:
    """Free the name of what could not be paid. Where shard and realm are one, it never was taken."""
    if realm.is_apart():
        _forget(guild)


def _forget(guild: Guild) -> None:
    with realm.atomic():
        guild.delete()


def _key(guild: Guild) -> str:
    """Return what names the payment, once and for ever."""
    return f"guild:{guild.founding}"


def _wait_for_others(character_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [f"guild founding {character_id}"])


def _reach(name: str) -> None:
    if failpoints.is_armed:
        failpoints.reach(name)
