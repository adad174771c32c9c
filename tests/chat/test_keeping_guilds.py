"""Writing down who came and went: guild after guild, so that nobody waits for all of them."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from aether.kernel.live import redis
from apps.chat import services
from apps.chat.models import Guild, GuildMember
from apps.chat.services.guilds import keeping
from tests.chat.guild_cast import PRICE, Hall, person

pytestmark = pytest.mark.django_db(transaction=True)


def held_elsewhere(guild_id: int) -> bool:
    """Tell if another connection has to wait for a guild."""
    found: list[bool] = []

    def take() -> None:
        try:
            with transaction.atomic():
                Guild.objects.select_for_update(nowait=True).get(pk=guild_id)
            found.append(False)
        except OperationalError:
            found.append(True)
        finally:
            connections.close_all()

    asking = threading.Thread(target=take)
    asking.start()
    asking.join()
    return found[0]


def test_one_guild_at_a_time_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, guild in (("Alice", "Lamplighters"), ("Bob", "Night Watch")):
        Hall.founded({name: person(name, glim=PRICE)}, name, guild)
    redis().delete("presence")
    note, noted, held = keeping._note, list[int](), list[bool]()

    def noting(guild: Guild, is_online: dict[str, bool]) -> None:
        held.extend(held_elsewhere(each) for each in noted)
        noted.append(guild.pk)
        note(guild, is_online)

    monkeypatch.setattr(keeping, "_note", noting)
    services.keep_guilds()
    assert (len(noted), held) == (2, [False])
    assert GuildMember.objects.filter(away_since__isnull=False).count() == 2


def test_all_who_went_are_written_down_at_once() -> None:
    names = ("Alice", "Bob", "Carol", "Dora")
    hall = Hall.founded({name: person(name, glim=PRICE) for name in names})
    hall.takes_in(*names[1:])
    redis().delete("presence")
    with CaptureQueriesContext(connection) as asked:
        services.keep_guilds()
    written = [each["sql"] for each in asked if each["sql"].startswith('UPDATE "chat_guildmember"')]
    assert len(written) == 1
    assert GuildMember.objects.filter(away_since__isnull=False).count() == 4
