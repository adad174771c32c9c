"""Open challenges of players and parties, in Redis: they lapse by themselves, and losing one is no harm."""

from __future__ import annotations

import hashlib
from typing import cast

import msgspec

from aether.kernel import clock, live
from aether.protocol.combat import Spectating
from apps.combat.errors import ChallengeGoneError
from apps.combat.selectors import BATTLE_ID_MAX

LIFETIME_S = 60


Teams = tuple[tuple[int, ...], tuple[int, ...]]
"""The characters of two parties: the challengers first, each leader before its members."""


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """`challenger` asks `challenged` for a duel until `expires_at`, or for a battle of `teams`."""

    id: str
    challenger: int
    challenged: int
    expires_at: float
    spectating: Spectating | None = None
    teams: Teams | None = None
    last_battle: int = BATTLE_ID_MAX
    """The latest battle of the challenger when it asked: a later one of these two has answered it."""


def challenge_id(character_id: int, command_id: str) -> str:
    """Return the id of the challenge that a command makes: the same command makes the same one."""
    return hashlib.sha256(f"{character_id}:{command_id}".encode()).hexdigest()[:24]


def asked(
    *,
    command_id: str,
    challenger: int,
    challenged: int,
    last_battle: int,
    spectating: Spectating | None = None,
    teams: Teams | None = None,
) -> Challenge:
    """Return a challenge that is open from now on."""
    return Challenge(
        id=challenge_id(challenger, command_id),
        challenger=challenger,
        challenged=challenged,
        expires_at=clock.now() + LIFETIME_S,
        spectating=spectating,
        teams=teams,
        last_battle=last_battle,
    )


async def keep(challenge: Challenge) -> Challenge:
    """Keep a challenge until it lapses, or return the one of the same two that is in its way."""
    redis, place = live.aredis(), _key_of_two(challenge)
    # Before its place: a place whose challenge is gone is free, and this one must not seem to be.
    await redis.set(_key(challenge.id), msgspec.json.encode(challenge), ex=LIFETIME_S)
    if not await redis.set(place, challenge.id, ex=LIFETIME_S, nx=True):
        other = await _in(place)
        if other is not None and other.id != challenge.id:
            await redis.delete(_key(challenge.id))
            return other
        await redis.set(place, challenge.id, ex=LIFETIME_S)
    return challenge


async def find(given_id: str, *, challenged: int) -> Challenge:
    """Return an open challenge to this character; one that is for others does not exist."""
    kept = cast("bytes | None", await live.aredis().get(_key(given_id)))
    if kept is None:
        raise ChallengeGoneError
    challenge = msgspec.json.decode(kept, type=Challenge)
    if challenge.challenged != challenged or challenge.expires_at < clock.now():
        raise ChallengeGoneError
    return challenge


async def drop(challenge: Challenge) -> None:
    """Forget a challenge that was accepted. Its place may be another one's by now, and is free without it."""
    await live.aredis().delete(_key(challenge.id))


async def _in(place: str) -> Challenge | None:
    """Return the challenge that has the place of the one that two characters may have open."""
    redis = live.aredis()
    holder = cast("bytes | None", await redis.get(place))
    kept = cast("bytes | None", await redis.get(_key(holder.decode()))) if holder else None
    return msgspec.json.decode(kept, type=Challenge) if kept else None


def _key_of_two(challenge: Challenge) -> str:
    return f"challenge:{challenge.challenger}:{challenge.challenged}"


def _key(given_id: str) -> str:
    return f"challenge:{given_id}"
