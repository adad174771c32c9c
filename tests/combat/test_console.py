"""The battle's page in the console: readable, in both languages, read only, and silent about secrets."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import translation

from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError
from aether.protocol import combat as wire
from apps.combat import engine, replays, running
from apps.combat.admin import tables_of
from apps.combat.models import BattleRecord
from tests.combat.cast import ANA, BO, duel, send, whose_turn

pytestmark = pytest.mark.usefixtures("arena")


def page(battle_id: int, language: str = "en") -> str:
    with translation.override(language):
        tables = tables_of(BattleRecord.objects.get(pk=battle_id))
        return "\n".join(
            str(cell) for table in tables for row in (*table.rows, (table.title,)) for cell in row
        )


async def test_a_battle_is_told_turn_by_turn() -> None:
    battle_id = await duel()
    await send(await whose_turn(battle_id), wire.EndTurn(battle=battle_id))
    told = await in_database_thread(page, battle_id)
    assert "The fight begins:" in told
    assert "Character 1001 is ready." in told


async def test_a_battle_is_told_in_french() -> None:
    told = await in_database_thread(page, await duel(), "fr")
    assert "Le combat commence :" in told
    assert "The fight" not in told


async def test_seeds_and_dice_are_shown_after_the_end_only() -> None:
    battle_id = await duel()
    async with running.locked(battle_id) as battle:
        seed = battle.seed.hex()
    during = await in_database_thread(page, battle_id)
    await send(ANA, wire.Forfeit(battle=battle_id))
    after = await in_database_thread(page, battle_id)
    assert seed not in during
    assert "Receipts" not in during
    assert seed in after


async def test_seeds_and_dice_are_shown_where_the_content_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    battle_id = await duel()
    async with running.locked(battle_id) as battle:
        seed = battle.seed.hex()
    await send(ANA, wire.Forfeit(battle=battle_id))

    def is_gone(content_hash: str) -> NoReturn:
        raise NotFoundError

    monkeypatch.setattr(replays, "rulebook_of", is_gone)
    told = await in_database_thread(page, battle_id)
    assert seed in told
    reveal = await in_database_thread(lambda: replays.reveal(replays.read_log(battle_id)))
    assert [(each.character_id, each.seed) for each in reveal.client_seeds] == [(ANA, "aa"), (BO, "bb")]
    assert list(engine.dice_problems(reveal)) == []


async def test_staff_look_at_battles_and_change_nothing() -> None:
    battle_id = await duel()
    status = await in_database_thread(_visit, battle_id)
    assert status == (200, 200, 403, 403)


def _visit(battle_id: int) -> tuple[int, int, int, int]:
    get_user_model().objects.create_superuser(username="gm", password="a long passphrase")
    client = Client()
    client.post("/gm/login/?next=/gm/", {"username": "gm", "password": "a long passphrase"})
    lists = client.get(reverse("admin:combat_battlerecord_changelist"))
    change = reverse("admin:combat_battlerecord_change", args=[battle_id])
    return (
        lists.status_code,
        client.get(change).status_code,
        client.post(change, {"status": 2}).status_code,
        client.post(reverse("admin:combat_battlerecord_delete", args=[battle_id])).status_code,
    )


async def test_staff_open_a_battle_at_any_turn_and_keep_it() -> None:
    battle_id = await duel()
    await send(await whose_turn(battle_id), wire.EndTurn(battle=battle_id))
    running_page = await in_database_thread(page, battle_id)
    await send(ANA, wire.Forfeit(battle=battle_id))
    french = await in_database_thread(page, battle_id, "fr")
    assert f"/en/replay/{battle_id}?from=console" in running_page
    assert "export.json" not in running_page
    assert f"/fr/replay/{battle_id}?from=console&amp;turn=2" in french
    assert f"/fr/verify/{battle_id}?from=console" in french
    assert "Revoir" in french


async def test_the_console_gives_running_battles_without_dice_and_exports_when_over() -> None:
    battle_id = await duel()
    running_answers = await in_database_thread(_fetch, battle_id)
    await send(ANA, wire.Forfeit(battle=battle_id))
    over = await in_database_thread(_fetch, battle_id)
    assert [answer.status_code for answer in running_answers] == [200, 409]
    assert '"rolled"' not in running_answers[0].content.decode()
    assert [answer.status_code for answer in over] == [200, 200]
    assert '"rolled"' in over[0].content.decode()


async def test_the_console_shows_battles_to_its_staff_only() -> None:
    battle_id = await duel()
    answers = await in_database_thread(_fetch, battle_id, False)
    assert [answer.status_code for answer in answers] == [302, 302]


def _fetch(battle_id: int, is_staff: bool = True) -> list[Any]:
    people = get_user_model().objects
    if not people.filter(username="gm").exists():
        people.create_superuser(username="gm", password="a long passphrase")
    client = Client()
    if is_staff:
        client.post("/gm/login/?next=/gm/", {"username": "gm", "password": "a long passphrase"})
    room = reverse("admin:combat_battlerecord_changelist")
    return [client.get(f"{room}{battle_id}/{name}.json") for name in ("replay", "export")]
