"""What lies in the realm and what on the shard."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connections

from aether.console.roles import GAME_MASTERS, make_roles
from apps.accounts import selectors, services
from apps.accounts.errors import NameTakenError
from apps.accounts.models import Account, Character
from tests.accounts import cast
from tests.shards.two_shards import TwoShards


def _count(wrapper: object, table: str) -> int:
    with wrapper.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_accounts_are_the_realms_and_characters_the_shards(two_shards: TwoShards) -> None:
    alice = cast.account()
    cast.character(alice, "Maren")
    with two_shards.on("second"):
        cast.character(alice, "Tovin")
        assert [each.name for each in selectors.characters_of(alice.pk)] == ["Tovin"]
        assert Account.objects.get().pk == alice.pk
        assert Character.objects.get().account == alice
        assert _count(connections["default"], "accounts_account") == 0
        assert _count(connections["realm"], "accounts_character") == 1
    assert [each.name for each in selectors.characters_of(alice.pk)] == ["Maren"]
    assert selectors.shards_of(alice.pk) == {"first": 1, "second": 1}


def test_roles_are_made_in_the_realm_whose_migration_comes_before_the_shard_has_tables(
    two_shards: TwoShards,
) -> None:
    last = list(apps.get_app_configs())[-1]
    with two_shards.on("second"):
        ContentType.objects.using("default").all().delete()
        make_roles(last, using="realm")
        make_roles(last, using="default")
        assert _count(connections["default"], "django_content_type") == 0
        assert Group.objects.get(name=GAME_MASTERS).permissions.filter(codename="view_character").exists()


def test_a_name_is_taken_in_the_whole_realm(two_shards: TwoShards) -> None:
    alice = cast.account()
    cast.character(alice, "Maren")
    with two_shards.on("second"):
        with pytest.raises(NameTakenError):
            cast.character(alice, "Maren")
        assert not Character.objects.exists()


def test_a_name_whose_bearer_could_not_be_made_is_free_again(
    two_shards: TwoShards, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = cast.account()
    with two_shards.on("second"), monkeypatch.context() as patch:
        patch.setattr(services.characters, "_insert", _fail)
        with pytest.raises(RuntimeError):
            cast.character(alice, "Maren")
    assert cast.character(alice, "Maren").name == "Maren"


def _fail(*_arguments: object) -> None:
    raise RuntimeError("the shard's database is full")


def test_who_is_banned_on_one_shard_is_banned_on_all(two_shards: TwoShards) -> None:
    alice, gwen = cast.account(), cast.game_master()
    cast.character(alice, "Maren")
    with two_shards.on("second"):
        services.ban(actor=gwen, account_id=alice.pk, until=None, reason="duplicating coins")
    assert selectors.is_banned(alice.pk)


def test_a_session_of_one_shard_is_one_of_all(two_shards: TwoShards) -> None:
    alice = cast.account()
    client = cast.signed_in(alice)
    with two_shards.on("second"):
        cast.character(alice, "Maren")
        answer = client.get("/api/v1/characters")
        assert [each["name"] for each in answer.json()["characters"]] == ["Maren"]
