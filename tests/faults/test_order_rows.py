"""Orders that are placed together while a gateway dies: each is there once with its receipt, or not there."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from tests.faults.platform import Platform
from tests.faults.playing import company
from tests.faults.test_gateway_rows import has_died

ORDERERS = 16
TOGETHER = "SELECT max(count) FROM (SELECT count(*) FROM command_receipt GROUP BY xmin) AS groups"


@pytest.mark.chaos
@pytest.mark.parametrize("point", ["before_tx", "after_append", "after_commit_before_reply"])
async def test_f01_of_orders_placed_together_none_is_lost_or_doubled(
    platform: Platform, random: Random, point: str
) -> None:
    """Whoever comes while a transaction takes its time goes into the next one, and that is cut off."""
    slow = "" if point == "before_tx" else "before_tx=sleep(0.05),"
    platform.arm({gateway: f"{slow}{point}=exit:{random.randint(20, 50)}" for gateway in platform.gateways})
    async with company(platform, random, duels=0, traders=1, orderers=ORDERERS) as players:
        for gateway in platform.gateways:
            await has_died(gateway, players, within_s=60)
            await asyncio.to_thread(platform.restart, gateway)
        await players.acknowledged(40)
        assert (await players.check())["ok"]
    ((together,),) = await asyncio.to_thread(platform.backstage, "query", sql=TOGETHER)
    assert together >= 3, "orders were placed one by one"
