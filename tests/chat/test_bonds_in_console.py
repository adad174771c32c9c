"""What game masters see of whom a character likes, asks and does not hear."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import Character
from apps.chat import services
from apps.chat.models import BlockedName
from tests.chat.cast import person
from tests.console.conftest import game_master, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/gm/pages/bonds/"


@pytest.fixture
def gwen() -> Client:
    game_master()
    return sign_in("gwen")


@pytest.fixture
def ana() -> Character:
    """Somebody with a friend, a request each way, and a block each way and on another shard."""
    ana, bo, carl, dora, eve, finn = map(person, ("Ana", "Bo", "Carl", "Dora", "Eve", "Finn"))
    for one, other in ((ana, bo), (bo, ana), (ana, carl), (dora, ana)):
        services.add_friend(character_id=one.pk, name=other.name)
    services.block(character_id=ana.pk, name=eve.name)
    services.block(character_id=finn.pk, name=ana.name)
    BlockedName.objects.create(character_id=ana.pk, name_key="gil")
    return ana


def text_of(client: Client, path: str, language: str = "en") -> str:
    page = client.get(path, headers={"Accept-Language": language})
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_the_page_shows_friends_requests_and_blocks(gwen: Client, ana: Character) -> None:
    for query in ("ana", str(ana.pk)):
        shown = text_of(gwen, f"{PAGE}?character={query}")
        for name in ("Bo", "Carl", "Dora", "Eve", "Finn", "gil"):
            assert f">{name}</" in shown or f"> {name} <" in shown, name
        for said in ("asks Ana", "is asked by Ana", "is blocked by Ana", "has blocked Ana"):
            assert shown.count(said) >= 1, said
    assert "est bloqué par Ana" in text_of(gwen, f"{PAGE}?character=Ana", "fr")


@pytest.mark.parametrize("query", ["", "Nobody", "9" * 30, "-1", "%00", "🗝", "a" * 5000])
def test_whoever_is_not_there_is_shown_as_nobody(gwen: Client, query: str) -> None:
    shown = text_of(gwen, f"{PAGE}?character={query}")
    assert "Requests for friendship" not in shown


def test_the_page_of_a_character_leads_to_it(gwen: Client, ana: Character) -> None:
    shown = text_of(gwen, f"/gm/accounts/character/{ana.pk}/change/")
    assert f"{PAGE}?character={ana.pk}" in shown
