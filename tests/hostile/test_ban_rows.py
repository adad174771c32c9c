"""A command that is on its way when its account is banned: it commits before the ban, or not at all."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections, transaction

from aether.kernel import dispatch
from aether.kernel.database_threads import close_pool
from aether.kernel.dispatch import Caller, Route, registry
from aether.kernel.errors import NotAuthenticatedError
from aether.kernel.ids import AccountId, CharacterId, CommandId, SessionId
from aether.kernel.journal.models import CommandReceipt
from aether.protocol.accounts import AllocateStats
from aether.protocol.base import Done
from apps.accounts import services
from apps.accounts.models import Account
from tests import cast
from tests.cast import Player

pytestmark = pytest.mark.django_db(transaction=True)

COMMAND = AllocateStats(vigor=1)
PATIENCE_S = 20


def command_of(player: Player) -> Caller:
    return Caller(
        character_id=CharacterId(player.character_id),
        account_id=AccountId(player.account_id),
        session_id=SessionId("s"),
        language="en",
        command_id=CommandId("c-1"),
        body_digest=dispatch.body_digest(COMMAND),
    )


def ban(player: Player, is_done: threading.Event) -> None:
    gwen = Account.objects.create_superuser("gwen", password=cast.PASSWORD)
    services.ban(actor=gwen, account_id=player.account_id, until=None, reason="cheating")
    is_done.set()
    connections.close_all()


async def test_a03_a_ban_waits_for_the_command_that_is_being_committed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dave = await cast.player("dave", "Dave")
    is_banned = threading.Event()
    seen: list[bool] = []

    def handler(caller: Caller, command: AllocateStats) -> Done:
        banning = threading.Thread(target=ban, args=[dave, is_banned])
        banning.start()
        seen.append(is_banned.wait(0.3))
        transaction.on_commit(lambda: seen.append(is_banned.wait(PATIENCE_S)))
        return Done()

    monkeypatch.setitem(registry._routes, AllocateStats, Route(AllocateStats, handler))
    await dispatch.execute_here(command_of(dave), COMMAND)

    assert seen == [False, True]
    assert await CommandReceipt.objects.acount() == 1
    await asyncio.to_thread(close_pool)


async def test_a03_a_command_behind_a_ban_is_refused_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dave = await cast.player("dave", "Dave")
    executed: list[Any] = []
    monkeypatch.setitem(
        registry._routes, AllocateStats, Route(AllocateStats, lambda *asked: executed.append(asked) or Done())
    )
    is_half_banned, may_commit = threading.Event(), threading.Event()

    def ban_slowly() -> None:
        with transaction.atomic():
            ban_row = Account.objects.select_for_update().get(pk=dave.account_id)
            gwen = Account.objects.create_superuser("gwen", password=cast.PASSWORD)
            services.ban(actor=gwen, account_id=ban_row.pk, until=None, reason="cheating")
            is_half_banned.set()
            may_commit.wait(PATIENCE_S)
        connections.close_all()

    banning = threading.Thread(target=ban_slowly)
    banning.start()
    assert await asyncio.to_thread(is_half_banned.wait, PATIENCE_S)
    asked = asyncio.ensure_future(dispatch.execute_here(command_of(dave), COMMAND))
    await asyncio.sleep(0.1)
    assert not asked.done()
    may_commit.set()

    with pytest.raises(NotAuthenticatedError):
        await asked
    await asyncio.to_thread(banning.join)
    assert not executed
    assert await sync_to_async(CommandReceipt.objects.count)() == 0
    await asyncio.to_thread(close_pool)
