"""Reveal, export and the list of battles over REST; and exports checked by command, without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from aether.kernel import clock
from aether.kernel.database_threads import in_database_thread
from aether.protocol import combat as wire
from aether.protocol.combat_events import Reveal
from apps.accounts import services as accounts
from apps.accounts.models import Account, Character
from apps.combat import engine, replays, running
from apps.combat.admin import tables_of
from apps.combat.engine import events
from apps.combat.models import BattleRecord
from tests.accounts import cast
from tests.combat.cast import ANA, BO, EVE, duel, hunt, send, state_of, whose_turn

pytestmark = pytest.mark.usefixtures("arena")

PROJECT = Path(__file__).parents[2]
NAMES = {ANA: "Ana", BO: "Bodil", EVE: "Eve"}


def moorhand(character_id: int) -> Client:
    """Return a browser of somebody whose character has this number. Call from a thread."""
    account = Account.objects.filter(username=NAMES[character_id].lower()).first()
    if account is None:
        account = cast.account(NAMES[character_id].lower())
        made = accounts.create_character(
            account_id=account.pk, name=NAMES[character_id], class_id="kitewright"
        )
        Character.objects.filter(pk=made.id).update(id=character_id)
    return cast.signed_in(account)


async def get(path: str, who: int = ANA) -> Any:
    return await in_database_thread(lambda: moorhand(who).get(f"/api/v1/battles{path}"))


async def finished_duel() -> int:
    battle_id = await duel()
    await send(await whose_turn(battle_id), wire.EndTurn(battle=battle_id))
    await send(ANA, wire.Forfeit(battle=battle_id))
    return battle_id


async def exported(tmp_path: Path, battle_id: int, *options: str) -> Path:
    path = tmp_path / "battle.json"
    await in_database_thread(
        lambda: call_command("export_battle", str(battle_id), "--out", str(path), *options, stdout=sys.stderr)
    )
    return path


def verify(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a doubter does: no server, no database."""
    return subprocess.run(
        [sys.executable, "manage.py", "verify_battle", str(path), *options],
        cwd=PROJECT,
        env=os.environ
        | {
            "DATABASE_URL": "postgresql://nobody@localhost:1/none",
            "DJANGO_SETTINGS_MODULE": "aether.settings.test",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_the_reveal_is_for_everybody_once_a_battle_is_over() -> None:
    battle_id = await finished_duel()
    for who in (ANA, BO, EVE):
        answer = await get(f"/{battle_id}/reveal", who)
        reveal = msgspec.json.decode(answer.content, type=Reveal)
        assert list(engine.dice_problems(reveal)) == []
        assert [(seed.character_id, seed.seed) for seed in reveal.client_seeds] == [(ANA, "aa"), (BO, "bb")]
        assert len(reveal.rolls) > 0


async def test_others_are_shown_no_dice_that_spectators_may_not_know() -> None:
    battle_id = await finished_duel()

    async def shown(who: int, spectating: str) -> int:
        await BattleRecord.objects.filter(pk=battle_id).aupdate(spectating=spectating)
        return int((await get(f"/{battle_id}/reveal", who)).status_code)

    assert [await shown(EVE, how) for how in ("live", "delayed", "none")] == [200, 404, 404]
    assert [await shown(ANA, how) for how in ("live", "delayed", "none")] == [200] * 3
    later = clock.now() + 61
    with clock.replaced(lambda: later):
        assert [await shown(EVE, how) for how in ("delayed", "none")] == [200, 404]


@pytest.mark.parametrize("what", ["reveal", "export"])
async def test_nobody_is_shown_the_dice_of_a_running_battle(what: str) -> None:
    battle_id = await duel()
    async with running.locked(battle_id) as battle:
        seed = battle.seed.hex()
    told = [await get(f"/{battle_id}/{what}", who) for who in (ANA, BO, EVE)]
    assert [answer.json()["code"] for answer in told] == ["combat.battle_not_over"] * 2 + ["not_found"]
    assert not any(seed in answer.content.decode() for answer in told)


async def test_an_export_is_for_those_who_took_part() -> None:
    battle_id = await finished_duel()
    assert (await get(f"/{battle_id}/export", EVE)).content == (await get("/99/export", EVE)).content
    assert (await get(f"/{battle_id}/export", BO)).status_code == 200


@pytest.mark.parametrize("number", ["0", "99999999999999999999999", "9223372036854775808"])
async def test_a_battle_that_cannot_be_is_not_found(number: str) -> None:
    for what in ("reveal", "export"):
        assert (await get(f"/{number}/{what}")).status_code == 404


async def test_an_export_over_rest_proves_itself() -> None:
    battle_id = await finished_duel()
    file = engine.read_export((await get(f"/{battle_id}/export")).content)
    assert list(engine.export_problems(file)) == []
    assert file.export.content is None
    assert [view.audience for view in file.export.views] == ["team:0", "team:1", "spectator"]


async def test_an_export_shows_each_side_what_its_stream_told() -> None:
    battle_id = await finished_duel()
    export = engine.read_export((await get(f"/{battle_id}/export")).content).export
    for view in export.views[:2]:
        async with running.fresh(battle_id) as battle:
            updates = await running.updates_after(battle, engine.Audience(view.audience), 0)
        told = [event for _, _, update in updates for event in update.events]
        assert [event for batch in view.told for event in batch] == told


async def test_staff_see_a_running_battle_without_its_dice() -> None:
    battle_id = await duel()
    shown = await in_database_thread(lambda: replays.shown_to_staff(replays.read_log(battle_id)))
    told = [event for view in shown.views for batch in view.told for event in batch]
    assert shown.views[0].audience == "omniscient"
    assert not shown.is_over
    assert not any(isinstance(event, events.Rolled) for event in told)
    assert not any(event.seed for event in told if isinstance(event, events.Readied))


async def test_a_character_s_battles_come_in_pages_latest_first() -> None:
    battles = [await finished_duel() for _ in range(3)]
    first = (await get(f"?character={ANA}&most=2")).json()
    then = (await get(f"?character={ANA}&most=2&before={first['next']}")).json()
    assert [each["battle"] for each in (*first["battles"], *then["battles"])] == battles[::-1]
    assert then["next"] is None
    last = first["battles"][0]
    assert (last["outcome"], last["mode"], last["is_over"]) == ("lost", "duel", True)
    assert last["others"] == []


async def test_a_battle_s_list_names_the_other_players() -> None:
    await in_database_thread(moorhand, BO)
    await finished_duel()
    assert (await get(f"?character={ANA}")).json()["battles"][0]["others"] == ["Bodil"]


async def test_the_battles_of_somebody_else_are_not_shown() -> None:
    await finished_duel()
    await in_database_thread(moorhand, ANA)
    assert (await get(f"?character={ANA}", EVE)).status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?character=", "?character=x", "?character=1001&before=-1", "?character=1001&most=101"]
)
async def test_a_query_that_makes_no_sense_is_refused(query: str) -> None:
    answer = await get(query)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_an_export_is_verified_without_a_database(tmp_path: Path) -> None:
    battle_id = await hunt()
    while (await state_of(battle_id)).phase == "fighting" and (await state_of(battle_id)).turn < 9:
        await send(ANA, wire.EndTurn(battle=battle_id))
    if (await state_of(battle_id)).phase == "fighting":
        await send(ANA, wire.Forfeit(battle=battle_id))
    done = verify(await exported(tmp_path, battle_id))
    assert (done.returncode, done.stderr) == (0, "")
    assert "receipts and all hashes agree" in done.stdout
    assert "turn hashes agree" in done.stdout


async def test_an_export_with_its_content_needs_no_pack(tmp_path: Path) -> None:
    path = await exported(tmp_path, await finished_duel(), "--with-content")
    assert "content of the export" in verify(path).stdout


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda whole: whole[: len(whole) // 2], "not JSON"),
        (lambda whole: b"", "not JSON"),
        (lambda whole: b"\x89PNG\r\n" * 40, "not JSON"),
        (lambda whole: whole.replace(b'"value":', b'"value":1'), "but the seeds give"),
        (lambda whole: whole.replace(b'"e":"readied"', b'"e":"flew"'), "no export of a battle"),
    ],
)
async def test_a_spoilt_export_gets_a_sentence(tmp_path: Path, change: Any, sentence: str) -> None:
    path = await exported(tmp_path, await finished_duel())
    path.write_bytes(change(path.read_bytes()))
    done = verify(path)
    assert "Traceback" not in done.stderr
    assert sentence in done.stderr


async def test_other_content_is_no_proof(tmp_path: Path) -> None:
    path = await exported(tmp_path, await finished_duel(), "--with-content")
    document = json.loads(path.read_text())
    document["content"] += " "
    path.write_text(json.dumps(document))
    assert "not the one of the battle" in verify(path).stderr


async def test_a_file_that_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    assert "cannot be read" in verify(tmp_path / "nothing.json").stderr
    assert "cannot be read" in verify(tmp_path).stderr


async def test_a_running_battle_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="still being fought"):
        await exported(tmp_path, await duel())
    with pytest.raises(CommandError, match="no battle 99"):
        await exported(tmp_path, 99)


async def test_a_battle_whose_events_nobody_knows_any_more_is_said_to_be_gone() -> None:
    battle_id = await finished_duel()
    await in_database_thread(_rename_an_event, battle_id)
    for what in ("export", "reveal"):
        answer = await get(f"/{battle_id}/{what}")
        assert (answer.status_code, answer.json()["code"]) == (410, "combat.battle_unreadable")
    for command in ("export_battle", "replay"):
        with pytest.raises(CommandError, match="are gone"):
            await in_database_thread(call_command, command, str(battle_id))
    page = await in_database_thread(lambda: tables_of(BattleRecord.objects.get(pk=battle_id)))
    assert "are gone" in str(page[0].rows)


def _rename_an_event(battle_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE journal SET payload = convert_to(replace(convert_from(payload, 'UTF8'), "
            '\'"e":"readied"\', \'"e":"prepared"\'), \'UTF8\') WHERE kind = 1 AND id = %s',
            [battle_id],
        )
        cursor.execute("RESET session_replication_role")
