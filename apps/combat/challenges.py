"""Open challenges to a duel, in Redis: they lapse by themselves, and losing them costs a click."""

from __future__ import annotations

import hashlib
from typing import cast

import msgspec

from aether.kernel import clock, live
from apps.combat.errors import ChallengeGoneError

LIFETIME_S = 60


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """`challenger` asks `challenged` for a duel until `expires_at`."""

    id: str
    challenger: int
    challenged: int
    expires_at: float


def challenge_id(character_id: int, command_id: str) -> str:
    """Return the id of the challenge that a command makes: the same command makes the same one."""
    return hashlib.sha256(f"{character_id}:{command_id}".encode()).hexdigest()[:24]


async def keep(*, command_id: str, challenger: int, challenged: int) -> Challenge:
    """Keep a challenge until it lapses."""
    challenge = Challenge(
        id=challenge_id(challenger, command_id),
        challenger=challenger,
        challenged=challenged,
        expires_at=clock.now() + LIFETIME_S,
    )
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
    await live.aredis().delete(_key(challenge.id))


def _key(given_id: str) -> str:
    return f"challenge:{given_id}"
