"""Open challenges of players and parties, in Redis: they lapse by themselves, and losing one is no harm."""

from __future__ import annotations

import hashlib
from typing import cast

import msgspec

from aether.kernel import clock, live
from aether.protocol.combat import Spectating
from apps.combat.errors import ChallengeGoneError, ChallengeOpenError

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


def challenge_id(character_id: int, command_id: str) -> str:
    """Return the id of the challenge that a command makes: the same command makes the same one."""
    return hashlib.sha256(f"{character_id}:{command_id}".encode()).hexdigest()[:24]


async def keep(
    *,
    command_id: str,
    challenger: int,
    challenged: int,
    spectating: Spectating | None = None,
    teams: Teams | None = None,
) -> Challenge:
    """Keep a challenge until it lapses; refuse another one of the same two meanwhile."""
    challenge = Challenge(
        id=challenge_id(challenger, command_id),
        challenger=challenger,
        challenged=challenged,
        expires_at=clock.now() + LIFETIME_S,
        spectating=spectating,
        teams=teams,
    )
    if not await _is_only(challenge):
        raise ChallengeOpenError
    await live.aredis().set(_key(challenge.id), msgspec.json.encode(challenge), ex=LIFETIME_S)
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
    """Forget a challenge that was accepted."""
    await live.aredis().delete(_key(challenge.id), _key_of_two(challenge))


async def _is_only(challenge: Challenge) -> bool:
    """Take the place of the one challenge that two characters may have open; tell if it was free."""
    pair = _key_of_two(challenge)
    if await live.aredis().set(pair, challenge.id, ex=LIFETIME_S, nx=True):
        return True
    return cast("bytes | None", await live.aredis().get(pair)) == challenge.id.encode()


def _key_of_two(challenge: Challenge) -> str:
    return f"challenge:{challenge.challenger}:{challenge.challenged}"


def _key(given_id: str) -> str:
    return f"challenge:{given_id}"
