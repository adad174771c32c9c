"""What game masters see of guilds, and what they do about them: each with a reason, in the journal."""

from __future__ import annotations

import pytest
from django.test import Client

from aether.kernel.journal import StreamKind
from aether.kernel.models import JournalLine
from apps.chat import guilds
from apps.chat.models import Guild
from tests.accounts import cast as accounts
from tests.chat.guild_cast import PRICE, Hall, person
from tests.console.conftest import game_master, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall() -> Hall:
    found = Hall.founded({name: person(name, glim=PRICE) for name in ("Ana", "Bo", "Carl")}, "Ana")
    found.takes_in("Bo", rank="Officer")
    return found


@pytest.fixture
def gwen() -> Client:
    game_master()
    return sign_in("gwen")


def page(client: Client, path: str, language: str = "en") -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def act(client: Client, hall: Hall, name: str, /, **form: str) -> str:
    answer = client.post(f"/gm/chat/guild/{hall.guild}/{name}/", form, follow=True)
    return answer.content.decode()


def last_act() -> dict[str, object]:
    payload: dict[str, object] = JournalLine.objects.filter(kind=StreamKind.AUDIT).latest("version").payload
    return payload


def test_the_room_shows_guilds_members_and_ranks(gwen: Client, hall: Hall) -> None:
    assert "Lamplighters" in page(gwen, "/gm/chat/guild/")
    assert "Lamplighters" in page(gwen, "/gm/chat/guild/?q=bo")
    assert "0 guilds" in page(gwen, "/gm/chat/guild/?q=nobody")
    shown = page(gwen, f"/gm/chat/guild/{hall.guild}/change/")
    for told in ("Lamplighters", "Ana", "Bo", "Officer", "2 / 200", "invite, kick, promote, motd, props"):
        assert told in shown, told
    french = page(gwen, f"/gm/chat/guild/{hall.guild}/change/", "fr")
    for told in ("Confier", "Dissoudre", "Rangs", "Absent depuis", "Message du jour"):
        assert told in french, told


def test_the_page_of_a_character_says_in_which_guild_it_is(gwen: Client, hall: Hall) -> None:
    shown = page(gwen, f"/gm/accounts/character/{hall.people['Bo']}/change/")
    assert f'href="/gm/chat/guild/{hall.guild}/change/"' in shown
    assert "Officer" in shown
    assert "Dans aucune guilde." in page(gwen, f"/gm/accounts/character/{hall.people['Carl']}/change/", "fr")


def test_a_guild_is_renamed_with_a_reason(gwen: Client, hall: Hall) -> None:
    assert "required" in act(gwen, hall, "rename", name="Night Watch", reason="")
    act(gwen, hall, "rename", name="Night Watch", reason="an insult in Breton")
    assert Guild.objects.get().name == "Night Watch"
    told = last_act()
    assert (told["actor"], told["action"], told["target"]) == ("gwen", "rename_guild", f"guild:{hall.guild}")
    assert told["details"] == {"guild": "Lamplighters", "name": "Night Watch"}


def test_a_name_that_is_taken_or_bad_is_refused(gwen: Client, hall: Hall) -> None:
    Hall.founded(hall.people, "Carl", "Night Watch")
    assert "looks the same" in act(gwen, hall, "rename", name="night watch", reason="why not")
    assert "Latin letters" in act(gwen, hall, "rename", name="N1ght", reason="why not")
    assert Guild.objects.filter(name="Lamplighters").exists()
    assert not JournalLine.objects.filter(kind=StreamKind.AUDIT, payload__action="rename_guild").exists()


def test_its_message_is_changed_or_taken_away(gwen: Client, hall: Hall) -> None:
    act(gwen, hall, "motd", text="Be kind.", reason="it was not")
    assert Guild.objects.get().motd == "Be kind."
    act(gwen, hall, "motd", text="", reason="it was not")
    assert Guild.objects.get().motd == ""


def test_it_is_handed_to_another_member(gwen: Client, hall: Hall) -> None:
    assert "not in this guild" in act(gwen, hall, "hand-over", name="Carl", reason="the leader is gone")
    act(gwen, hall, "hand-over", name="bo", reason="the leader is gone")
    assert (hall.leader, hall.members()) == ("Bo", {"Bo": "Leader", "Ana": "Officer"})
    assert last_act()["action"] == "hand_over_guild"


def test_it_is_disbanded(gwen: Client, hall: Hall) -> None:
    act(gwen, hall, "disband", reason="a ring of cheats")
    assert guilds.shown(hall.guild) is None
    assert last_act()["details"] == {"guild": "Lamplighters"}


def test_whoever_may_not_does_nothing(hall: Hall) -> None:
    accounts.account("ida", is_staff=True)
    for name in ("rename", "motd", "hand-over", "disband"):
        answer = sign_in("ida").post(f"/gm/chat/guild/{hall.guild}/{name}/", {"reason": "because"})
        assert answer.status_code == 403


@pytest.mark.parametrize("key", ["0", "x", "9" * 40, "%00", "²"])
def test_what_is_no_guild_is_not_found(gwen: Client, key: str) -> None:
    assert gwen.get(f"/gm/chat/guild/{key}/change/", follow=True).status_code in (200, 404)
