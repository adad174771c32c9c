"""Clocks that jump while their processes run, by an hour or a day: only that of the database counts."""

from __future__ import annotations

import asyncio
from random import Random

from tests.faults.clocks import OwnClock
from tests.faults.platform import Platform
from tests.faults.playing import company
from tests.faults.test_gateway_rows import timeouts

JUMPS = ("+1h", "-1h", "+1d", "-1d")
SWEEPS_S = 2.0
"""By then a clock has jumped, and its gateway has looked for turns that are over, twice."""


async def test_f26_clocks_that_jump_end_no_turn_early_and_pay_nothing_twice(
    platform: Platform, random: Random
) -> None:
    """One gateway and the worker have clocks of their own; the other gateway shares the true one."""
    liars = platform.gateways[0], platform.roles["worker"]
    clocks = {role: OwnClock(platform.folder, role.name) for role in liars}
    for role, clock in clocks.items():
        await asyncio.to_thread(platform.restart, role, **clock.environment)
    async with company(platform, random, duels=3, traders=2) as players:
        before = timeouts(platform)
        for jumps in zip(*(random.sample(JUMPS, len(JUMPS)) for _ in clocks), strict=True):
            for clock, jump in zip(clocks.values(), jumps, strict=True):
                clock.jump(jump)
            await players.play(SWEEPS_S)
            await players.acknowledged(5)
        assert timeouts(platform) == before
        counts = await players.check()
    assert counts["ok"] >= 20
    assert not players.history.resumed_s, "a socket was dropped"
