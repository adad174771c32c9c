"""The console says in whose name a thing stands and stood."""

from __future__ import annotations

import html

import pytest
from django.core.cache import cache
from django.test import Client

from apps.world import services
from apps.world.admin import objects
from apps.world.models import WorldObject
from tests.accounts import cast as accounts
from tests.console.conftest import game_master, sign_in
from tests.world.conftest import Clock
from tests.world.test_guild_banners import at_the_mast, hoist, row

pytestmark = pytest.mark.django_db(transaction=True)

PAST = "/gm/pages/objects-as-of/?instance=lastmoor.1&at=2099-01-01T00:00:00"


@pytest.fixture
def console() -> Client:
    cache.clear()
    game_master()
    return sign_in("gwen")


@pytest.fixture
def two_banners(time: Clock) -> WorldObject:
    """A mast on which one guild's banner flew, and now another's."""
    alice, bob = at_the_mast("Alice", "Lamplighters"), at_the_mast("Bob", "Night Watch")
    hoist(alice)
    time.go(3700)
    hoist(bob)
    return row()


def read(console: Client, address: str, language: str = "en") -> str:
    page = html.unescape(console.get(address, headers={"accept-language": language}).content.decode())
    assert "{guild}" not in page
    return page


def page_of(thing: WorldObject) -> str:
    return f"/gm/world/worldobject/{thing.pk}/change/"


def test_the_list_of_things_says_whose_banner_it_is(console: Client, two_banners: WorldObject) -> None:
    page = read(console, "/gm/world/worldobject/")
    assert "Banner of Night Watch" in page
    assert "Banner of Lamplighters" not in page
    assert "Bannière de Night Watch" in read(console, "/gm/world/worldobject/", "fr")


def test_the_history_says_whose_banner_it_was_before(console: Client, two_banners: WorldObject) -> None:
    page = read(console, page_of(two_banners))
    assert page.count("Banner of Lamplighters") == 2
    assert page.count("Banner of Night Watch") >= 2


def test_a_history_that_begins_later_says_whose_banner_it_was_before(
    console: Client, two_banners: WorldObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "CHAPTERS_SHOWN", 1)
    assert read(console, page_of(two_banners)).count("Banner of Lamplighters") == 1


def test_what_was_put_back_is_nobodys_and_was_somebodys(console: Client, two_banners: WorldObject) -> None:
    before = read(console, page_of(two_banners)).count("Banner of Night Watch")
    services.reset_object(actor=accounts.game_master("gwin"), row_id=two_banners.pk, reason="an insult")
    assert read(console, page_of(two_banners)).count("Banner of Night Watch") == before


def test_the_past_says_whose_banner_it_was(console: Client, two_banners: WorldObject, time: Clock) -> None:
    assert "Banner of Night Watch" in read(console, PAST)
    services.reset_object(actor=accounts.game_master("gwin"), row_id=two_banners.pk, reason="an insult")
    earlier = PAST.replace("2099-01-01T00:00:00", "1970-01-12T14:00:00")
    assert "Banner of Lamplighters" in read(console, earlier)
