"""Apps hear in order who came and who went, however long they take over it."""

from __future__ import annotations

import asyncio

import pytest

from aether.kernel.ids import CharacterId
from aether.kernel.live import presence

ALICE, BOB = CharacterId(1), CharacterId(2)


class SlowApp:
    """Takes note of an arrival only when it is let to."""

    def __init__(self) -> None:
        self.noted: list[tuple[CharacterId, bool]] = []
        self.may_note = asyncio.Event()

    async def note(self, character_id: CharacterId, is_online: bool) -> None:
        if is_online and character_id == ALICE:
            await self.may_note.wait()
        self.noted.append((character_id, is_online))


@pytest.fixture
async def app(monkeypatch: pytest.MonkeyPatch) -> SlowApp:
    app = SlowApp()
    monkeypatch.setattr(presence, "_listeners", [("test", app.note)])
    return app


async def tell(*, of_one_app: bool, character_id: CharacterId, is_online: bool) -> None:
    if of_one_app:
        await presence.tell_listeners_of("test", character_id, is_online)
    else:
        await presence.tell_listeners(character_id, is_online)


@pytest.mark.parametrize("of_one_app", [True, False])
async def test_who_comes_and_goes_at_once_is_gone(app: SlowApp, of_one_app: bool) -> None:
    telling = [
        asyncio.create_task(tell(of_one_app=of_one_app, character_id=ALICE, is_online=is_online))
        for is_online in (True, False, True, False)
    ]
    await asyncio.sleep(0)
    app.may_note.set()
    await asyncio.gather(*telling)
    assert app.noted == [(ALICE, True), (ALICE, False), (ALICE, True), (ALICE, False)]


async def test_nobody_waits_for_anybody_else(app: SlowApp) -> None:
    late = asyncio.create_task(presence.tell_listeners(ALICE, True))
    await asyncio.sleep(0)
    await presence.tell_listeners(BOB, True)
    assert app.noted == [(BOB, True)]
    app.may_note.set()
    await late


async def test_a_failure_is_told_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[bool] = []

    async def note(character_id: CharacterId, is_online: bool) -> None:
        if is_online:
            raise ZeroDivisionError
        noted.append(is_online)

    monkeypatch.setattr(presence, "_listeners", [("test", note)])
    failing = asyncio.create_task(presence.tell_listeners(ALICE, True))
    await presence.tell_listeners(ALICE, False)
    with pytest.raises(ZeroDivisionError):
        await failing
    assert noted == [False]
