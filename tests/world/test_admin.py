"""The console's rooms of the world."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from aether.kernel.journal import StreamKind
from aether.kernel.models import JournalLine
from apps.accounts.models import Account
from apps.world import services
from apps.world.models import CharacterPlace
from tests.world import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> int:
    character_id = cast.character()
    cast.put(character_id, cast.MOOR, (2, 24))
    services.set_in_battle(character_ids=[character_id], battle_id=7)
    return character_id


def test_a_stuck_character_is_brought_home_and_the_journal_says_why(alice: int) -> None:
    gm = Account.objects.create_user("gm", is_staff=True)
    services.bring_home(actor=gm, character_id=alice, reason="stuck behind a rock")
    place = CharacterPlace.objects.get(pk=alice)
    assert (place.zone, place.cell, place.battle) == (cast.TOWN, cast.SQUARE, None)
    act = JournalLine.objects.filter(kind=StreamKind.AUDIT).latest("version").payload
    assert (act["action"], act["reason"]) == ("unstick", "stuck behind a rock")


def test_who_may_not_bring_home_does_not(alice: int) -> None:
    gm = Account.objects.create_user("gm", is_staff=True)
    gm.user_permissions.add(Permission.objects.get(codename="view_characterplace"))
    client = Client()
    client.force_login(gm)
    answer = client.post(f"/gm/world/characterplace/{alice}/unstick/", {"reason": "because"})
    assert answer.status_code in (302, 403)
    assert CharacterPlace.objects.get(pk=alice).zone == cast.MOOR
