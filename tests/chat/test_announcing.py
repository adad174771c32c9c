"""What the staff announce is heard by everybody or in one zone copy, and stays in chat and journal."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from aether.kernel.audit import ReasonMissingError
from aether.kernel.journal import StreamKind
from aether.kernel.models import JournalLine
from apps.chat import services
from apps.chat.errors import BadTextError
from apps.chat.models import Announcement
from tests import cast
from tests.accounts import cast as accounts
from tests.chat.test_chat_on_the_wire import enter
from tests.console.conftest import game_master, sign_in
from tests.serving import Served
from tests.wire import Wire

pytestmark = pytest.mark.django_db(transaction=True)

SAID = {"text_en": "The gate opens at nine.", "text_fr": "La porte ouvre à neuf heures."}


@pytest.mark.parametrize(
    ("instance", "stream"), [("", "chat:global"), ("lastmoor.1", "chat:zone:lastmoor.1")]
)
async def test_everybody_hears_it_in_every_language(server: Served, instance: str, stream: str) -> None:
    gwen = await sync_to_async(game_master)()
    alice = await cast.alice()
    async with Wire(server.socket_url) as hers:
        await enter(hers, alice)
        await sync_to_async(services.announce)(actor=gwen, **SAID, instance=instance, reason="event")
        heard = await hers.update("chat.line")
        line = heard["d"]["line"]
        assert heard["s"] == stream
        assert (line["channel"], line["sender"], line["text"]) == ("system", 0, SAID["text_en"])
        assert line["texts"] == {"en": SAID["text_en"], "fr": SAID["text_fr"]}
    async with Wire(server.socket_url) as again:
        await again.hello(await alice.ticket())
        assert "ok" in await again.call("world.enter")
        shown = [(await again.update("chat.snapshot"))["d"] for _ in range(2)]
        assert [line["id"] for told in shown for line in told["lines"]] == [line["id"]]


def test_the_console_announces_and_the_journal_says_who() -> None:
    game_master()
    console = sign_in("gwen")
    console.post("/gm/chat/announcement/announce/", {**SAID, "instance": "lastmoor.2", "reason": "event"})
    row = Announcement.objects.get()
    assert (row.text_fr, row.instance) == (SAID["text_fr"], "lastmoor.2")
    payload = JournalLine.objects.get(kind=StreamKind.AUDIT).payload
    assert (payload["actor"], payload["action"], payload["reason"]) == ("gwen", "announce", "event")
    assert SAID["text_en"] in console.get("/gm/chat/announcement/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"text_fr": ""}, {"instance": "no copy"}, {"text_en": "a\u202eb"}, {"reason": ""}]
)
def test_the_console_refuses_what_nobody_could_read(wrong: dict[str, str]) -> None:
    game_master()
    sign_in("gwen").post("/gm/chat/announcement/announce/", {**SAID, "reason": "event", **wrong})
    assert not Announcement.objects.exists()


def test_only_who_may_speaks_to_everybody() -> None:
    accounts.account("steve", is_staff=True)
    client: Client = sign_in("steve")
    assert client.post("/gm/chat/announcement/announce/", {**SAID, "reason": "x"}).status_code == 403


def test_nothing_is_said_without_a_reason_or_in_one_language_only() -> None:
    gwen = game_master()
    with pytest.raises(ReasonMissingError):
        services.announce(actor=gwen, **SAID, reason=" ")
    with pytest.raises(BadTextError):
        services.announce(actor=gwen, text_en="Hear!", text_fr=" ", reason="event")
    assert not Announcement.objects.exists()
