"""The G rows: a member of the staff as the attacker, and players who attack the staff through text."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from asgiref.sync import sync_to_async
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from aether.kernel import audit, clock, facts
from aether.kernel.facts.types import CharacterCreated
from aether.kernel.models import FailedFact, OutboxFact
from apps.accounts import selectors, services
from apps.accounts.models import Account, Character
from tests import cast as players
from tests.accounts import cast
from tests.console.conftest import _empty_redis as _empty_redis
from tests.console.conftest import console as console
from tests.console.conftest import game_master, sign_in
from tests.console.conftest import gwen as gwen
from tests.serving import Served
from tests.wire import Wire

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
ROOMS = [model for model in admin.site._registry if model._meta.app_label != "console"]


def pages_of(model: Any) -> dict[str, str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    return {
        "list": reverse(f"{name}_changelist"),
        "add": reverse(f"{name}_add"),
        "change": reverse(f"{name}_change", args=["1"]),
        "delete": reverse(f"{name}_delete", args=["1"]),
    }


@pytest.mark.parametrize("model", ROOMS, ids=lambda model: model._meta.label)
def test_g01_nothing_is_added_changed_or_deleted_in_any_room(model: Any) -> None:
    cast.game_master("boss")
    client = sign_in("boss")
    pages = pages_of(model)
    assert client.get(pages["add"]).status_code == 403
    for page in ("add", "delete"):
        assert client.post(pages[page], {"post": "yes"}).status_code in {302, 403, 404}
    assert client.post(pages["change"], {"balance": "1"}).status_code in {302, 403, 404}
    assert "delete_selected" not in dict(admin.site.actions)


def test_g01_no_bulk_action_deletes(console: Client) -> None:
    alice = cast.account("alice")
    body = {"action": "delete_selected", "_selected_action": [str(alice.pk)], "post": "yes"}
    console.post("/gm/accounts/account/", body)
    assert Account.objects.filter(pk=alice.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["UPDATE journal SET actor_id = 0", "DELETE FROM journal"])
def test_g03_an_entry_about_the_staff_cannot_be_changed(statement: str) -> None:
    boss, alice = cast.game_master("boss"), cast.account("alice")
    services.mute(actor=boss, account_id=alice.pk, until=None, reason="spam")
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("field", ["is_superuser", "is_staff", "username", "banned_until", "xp_total"])
def test_g04_a_forged_field_changes_nothing(console: Client, gwen: Account, field: str) -> None:
    maren = cast.character(cast.account("alice"))
    console.post(f"/gm/accounts/account/{gwen.pk}/change/", {field: "1", "_save": "Save"})
    console.post(f"/gm/accounts/character/{maren.id}/change/", {field: "1", "_save": "Save"})
    console.post("/gm/accounts/account/", {"form-TOTAL_FORMS": "1", f"form-0-{field}": "1", "_save": "Save"})
    gwen.refresh_from_db()
    assert (gwen.is_superuser, gwen.is_staff, gwen.username) == (False, True, "gwen")
    assert Character.objects.get(pk=maren.id).xp_total == 0


@pytest.mark.parametrize("act", ["mute", "kick", "ban", "unban", "unmute"])
def test_g05_an_act_without_its_permission_is_refused_by_address(act: str) -> None:
    alice, gil = cast.account("alice"), cast.account("gil", is_staff=True)
    gil.user_permissions.add(
        Permission.objects.get(codename="view_account", content_type__app_label="accounts")
    )
    client = sign_in("gil")
    address = f"/gm/accounts/account/{alice.pk}/{act}/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"reason": "because", "duration": "ever"}).status_code == 403
    assert not selectors.is_banned(alice.pk)
    assert not selectors.is_muted(alice.pk)


def test_g05_a_fact_is_not_retried_without_the_permission() -> None:
    with transaction.atomic():
        facts.publish(CharacterCreated(character=1, account=1, class_id="anchorite"))
    fact = OutboxFact.objects.get()
    failed = FailedFact.objects.create(
        fact=fact, subscriber="quests.greet", failures=5, error="x", failed_at=clock.utc_now()
    )
    gil = cast.account("gil", is_staff=True)
    gil.user_permissions.add(Permission.objects.get(codename="view_failedfact"))
    answer = sign_in("gil").post(f"/gm/kernel/failedfact/{failed.pk}/retry/", {"reason": "because"})
    assert answer.status_code == 403


@pytest.mark.parametrize("model", ROOMS, ids=lambda model: model._meta.label)
def test_g05_no_room_opens_to_staff_without_a_role(model: Any) -> None:
    cast.account("temp", is_staff=True)
    client = sign_in("temp")
    for page in ("list", "change"):
        assert client.get(pages_of(model)[page]).status_code == 403


@pytest.mark.parametrize(
    "path", ["autocomplete/?app_label=accounts&model_name=account&field_name=x", "search/?s=a"]
)
def test_g05_the_side_doors_are_closed_to_players(path: str) -> None:
    alice = cast.account("alice")
    assert cast.signed_in(alice).get(f"/gm/{path}").status_code in {302, 403}


def test_g06_text_of_others_is_shown_as_text(console: Client) -> None:
    alice = cast.account("alice")
    console.post(f"/gm/accounts/account/{alice.pk}/mute/", {"duration": "1 d", "reason": SCRIPT})
    entry = f"/gm/kernel/journalline/3:{audit.STREAM_ID}:1/change/"
    for page in ("/gm/", f"/gm/accounts/account/{alice.pk}/change/", "/gm/kernel/journalline/", entry):
        shown = console.get(page).content.decode()
        assert SCRIPT not in shown
        assert "&lt;script&gt;" in shown


def test_g06_a_search_is_shown_as_text(console: Client) -> None:
    shown = console.get("/gm/accounts/account/", {"q": SCRIPT}).content.decode()
    assert SCRIPT not in shown


def test_g08_guesses_at_the_door_end_after_five(gwen: Account) -> None:
    for _ in range(6):
        sign_in("gwen", "wrong")
    assert sign_in("gwen").get("/gm/").status_code == 302


def test_g08_guesses_at_the_second_factor_end_too(gwen: Account) -> None:
    TOTP.activate(gwen, generate_totp_secret())
    client = Client()
    for number in range(7):
        body = {"username": "gwen", "password": cast.PASSWORD, "code": f"{number:06}"}
        page = client.post("/gm/login/", body).content.decode()
    assert "is not right" not in page


def test_g12_a_game_master_who_loses_the_role_loses_it_at_once(console: Client, gwen: Account) -> None:
    alice = cast.account("alice")
    gwen.groups.clear()
    answer = console.post(f"/gm/accounts/account/{alice.pk}/mute/", {"duration": "1 d", "reason": "spam"})
    assert answer.status_code == 403


def test_g12_an_act_counts_even_when_the_victim_is_playing(console: Client) -> None:
    game_master("gil")
    alice = cast.account("alice")
    client = cast.signed_in(alice)
    console.post(f"/gm/accounts/account/{alice.pk}/ban/", {"duration": "7 d", "reason": "botting"})
    assert client.get("/api/v1/characters").status_code == 401


@pytest.mark.django_db(transaction=True)
async def test_a03_a_ban_closes_open_sockets_within_two_seconds(server: Served) -> None:
    alice = await players.alice()
    boss = await sync_to_async(cast.game_master)("boss")
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        began = time.monotonic()
        await sync_to_async(services.ban)(
            actor=boss, account_id=alice.account_id, until=None, reason="botting"
        )
        assert await wire.close_code() == 4401
        assert time.monotonic() - began < 2


@pytest.mark.django_db(transaction=True)
async def test_a03_signing_out_closes_the_sockets_of_that_session(server: Served) -> None:
    alice = await players.alice()
    async with Wire(server.socket_url) as wire:
        await wire.hello(await alice.ticket())
        client = Client()
        client.cookies["sessionid"] = alice.session_key
        await sync_to_async(client.delete)("/_allauth/browser/v1/auth/session")
        assert await wire.close_code() == 4401
