"""A guild over two shards: found on one, joined from the other, and kept by whoever moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import OperationalError, connections

from aether.kernel import clock, facts, realtime
from aether.kernel.live import redis
from aether.kernel.models import RealmPost, Shard
from aether.kernel.realtime import personal
from aether.kernel.shards import post
from aether.kernel.transactions import transactional
from aether.protocol import guilds as wire
from aether.protocol.base import Update
from apps.accounts import selectors
from apps.accounts import services as accounts
from apps.accounts.models import Character, CharacterName
from apps.chat import guilds, lines, services
from apps.chat import selectors as selectors_of_chat
from apps.chat.errors import (
    GuildNameTakenError,
    InvitationGoneError,
    RankNameTakenError,
    RankTooHighError,
)
from apps.chat.models import Guild, GuildMember, GuildRank
from apps.chat.services import far, speaking
from apps.chat.services.guilds import founding
from apps.economy import selectors as economy
from apps.economy.errors import InsufficientError
from tests.accounts import cast
from tests.economy.cast import give
from tests.shards.test_transfers import KilledError, assert_nothing_is_lost, sweep
from tests.shards.test_whispers import _closing
from tests.shards.two_shards import TwoShards
from tests.shards.wanderer import Wanderer

Told = list[tuple[str, Any]]


@pytest.fixture
def maren(two_shards: TwoShards) -> int:
    """Somebody on the first shard, who can pay."""
    return rich("alice", "Maren")


@pytest.fixture
def tovin(two_shards: TwoShards, maren: int) -> int:
    """Somebody on the second."""
    with two_shards.on("second"):
        return rich("bob", "Tovin")


def rich(account: str, name: str) -> int:
    who = cast.character(cast.account(account), name).id
    give(who, glim=2000)
    redis().zadd("presence", {str(who): clock.now()})
    return who


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """What streams and characters are told, as (stream or character, update)."""
    found: Told = []
    monkeypatch.setattr(
        realtime, "send_numbered", lambda stream, first, last, update: found.append((stream, update))
    )
    monkeypatch.setattr(realtime, "tell_character", lambda who, update: found.append((f"me:{who}", update)))
    return found


def kinds(told: Told, of: str) -> list[type[Update]]:
    return [type(update) for stream, update in told if stream == of]


def together(two_shards: TwoShards, maren: int, tovin: int) -> int:
    """Let Maren found a guild and Tovin come into it from the other shard; return its id."""
    guild = services.found_guild(character_id=maren, name="Lamplighters").guild
    invitation = services.invite_to_guild(character_id=maren, name="Tovin").invitation
    with two_shards.on("second"):
        services.accept_guild_invitation(character_id=tovin, invitation_id=invitation)
    return guild


def rows(wrapper: Any, table: str) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_a_guild_lies_in_the_realm_and_is_paid_for_on_the_shard(two_shards: TwoShards) -> None:
    with two_shards.on("second"):
        who = rich("bob", "Tovin")
        services.found_guild(character_id=who, name="Lamplighters")
        for table in ("chat_guild", "chat_guildrank", "chat_guildmember"):
            assert rows(connections["default"], table) == 0
            assert rows(connections["realm"], table) > 0
        assert economy.glim(who) == 2000 - guilds.price()
    assert Guild.objects.get().shard == "second"
    assert_nothing_is_lost(two_shards)


def test_a_name_is_one_in_the_realm(two_shards: TwoShards, maren: int, tovin: int) -> None:
    services.found_guild(character_id=maren, name="Lamplighters")
    with two_shards.on("second"):
        with pytest.raises(GuildNameTakenError):
            services.found_guild(character_id=tovin, name="lamp lighters")
        assert economy.glim(tovin) == 2000


def test_somebody_of_another_shard_is_asked_and_comes(
    two_shards: TwoShards, maren: int, tovin: int, told: Told
) -> None:
    services.found_guild(character_id=maren, name="Lamplighters")
    services.invite_to_guild(character_id=maren, name="tovin")
    told.clear()
    with two_shards.on("second"):
        post.deliver_waiting()
        assert kinds(told, f"me:{tovin}") == [wire.GuildInvitationReceived]
        (asked,) = guilds.standing(tovin).invitations
        assert (asked.guild, asked.name) == ("Lamplighters", "Maren")
        entered = services.accept_guild_invitation(character_id=tovin, invitation_id=asked.invitation)
        assert guilds.standing(tovin).guild == entered.guild
    told.clear()
    post.deliver_waiting()
    assert kinds(told, entered.stream) == [wire.GuildChanged]
    assert kinds(told, f"me:{maren}") == [wire.GuildInvitationClosed]
    shown = guilds.shown(entered.guild)
    assert shown is not None
    assert [(each.name, each.shard) for each in shown[1].members] == [("Maren", "first"), ("Tovin", "second")]


def test_who_is_blocked_asks_in_vain_across_shards(
    two_shards: TwoShards, maren: int, tovin: int, told: Told
) -> None:
    services.found_guild(character_id=maren, name="Lamplighters")
    with two_shards.on("second"):
        services.block(character_id=tovin, name="Maren")
    invitation = services.invite_to_guild(character_id=maren, name="Tovin").invitation
    told.clear()
    with two_shards.on("second"):
        post.deliver_waiting()
        assert kinds(told, f"me:{tovin}") == []
        assert guilds.standing(tovin).invitations == ()
        with pytest.raises(InvitationGoneError):
            services.accept_guild_invitation(character_id=tovin, invitation_id=invitation)
        services.unblock(character_id=tovin, name="Maren")
        services.accept_guild_invitation(character_id=tovin, invitation_id=invitation)


def test_ranks_hold_across_shards(two_shards: TwoShards, maren: int, tovin: int) -> None:
    guild = together(two_shards, maren, tovin)
    officer = Guild.objects.get(pk=guild).ranks.get(position=1)
    services.change_member_rank(character_id=maren, name="Tovin", rank_id=officer.pk)
    with two_shards.on("second"):
        with pytest.raises(RankTooHighError):
            services.remove_from_guild(character_id=tovin, name="Maren")
        services.change_motd(character_id=tovin, text="From afar")
    services.remove_from_guild(character_id=maren, name="Tovin")
    assert list(GuildMember.objects.values_list("name__name", flat=True)) == ["Maren"]


def test_every_shard_sees_who_is_there(two_shards: TwoShards, maren: int, tovin: int, told: Told) -> None:
    guild = together(two_shards, maren, tovin)
    redis().zrem("presence", str(tovin))
    services.keep_guilds()  # the sweep of one shard looks after its own
    assert GuildMember.objects.get(name__name="Tovin").away_since is None
    with two_shards.on("second"):
        services.keep_guilds()
    assert GuildMember.objects.get(name__name="Tovin").away_since is not None
    told.clear()
    post.deliver_waiting()
    (changed,) = [update for stream, update in told if stream == f"guild:{guild}"][-1:]
    assert [(each.name, each.away_since is None) for each in changed.members] == [("Tovin", False)]


def test_who_is_on_a_shard_that_has_died_is_away(two_shards: TwoShards, maren: int, tovin: int) -> None:
    together(two_shards, maren, tovin)
    Shard.objects.filter(pk="second").update(seen_at=clock.utc_now() - timedelta(minutes=2))
    services.keep_guilds()
    assert GuildMember.objects.get(name__name="Tovin").away_since is not None
    assert GuildMember.objects.get(name__name="Maren").away_since is None
    with two_shards.on("second"):
        services.keep_guilds()
    assert GuildMember.objects.get(name__name="Tovin").away_since is None


def test_while_the_realm_does_not_answer_other_streams_do_not_wait(
    two_shards: TwoShards, maren: int, tovin: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    guild = together(two_shards, maren, tovin)

    def away(*_arguments: object) -> None:
        raise OperationalError("the realm is away")

    with two_shards.on("second"):
        assert guilds.streams([tovin]) == [(tovin, f"guild:{guild}"), (tovin, f"chat:guild:{guild}")]
        with monkeypatch.context() as patch:
            patch.setattr(connections["realm"], "cursor", away)
            assert guilds.streams([tovin]) == []
            assert guilds.names_of([guild]) == {}
            nothing = wire.GuildStanding(guild=None, stream=None, invitations=(), price=guilds.price())
            assert guilds.standing(tovin) == nothing
            for part in personal._parts.values():
                part(tovin)


def test_what_is_said_in_a_guild_is_heard_on_every_shard(
    two_shards: TwoShards, maren: int, tovin: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    guild = together(two_shards, maren, tovin)
    RealmPost.objects.all().delete()
    monkeypatch.setattr(speaking, "in_database_thread", lambda work, *args: sync_to_async(work)(*args))
    account = selectors.character(maren).account_id
    speech = services.Speech(character_id=maren, account_id=account, channel="guild", text="Lamps lit?")
    async_to_sync(_closing(services.say))(speech)
    with two_shards.on("second"):
        assert post.deliver_waiting() == 1
        *_, heard = async_to_sync(_closing(lines.recent))(lines.guild(guild), limit=10)
        assert (heard.name, heard.text, heard.sender) == ("Maren", "Lamps lit?", far.NOBODY)
        services.block(character_id=tovin, name="maren")
        unheard = selectors_of_chat.unheard_by(tovin)
        assert heard not in async_to_sync(_closing(lines.recent))(
            lines.guild(guild), limit=10, without=unheard
        )


def test_who_moves_to_another_shard_stays_in_its_guild(two_shards: TwoShards, maren: int) -> None:
    account = cast.account("wanda")
    wanda = Wanderer(account.pk, cast.character(account, "Wanda").id)
    give(wanda.character_id, glim=900)
    guild = services.found_guild(character_id=maren, name="Lamplighters").guild
    invitation = services.invite_to_guild(character_id=maren, name="Wanda").invitation
    services.accept_guild_invitation(character_id=wanda.character_id, invitation_id=invitation)
    facts.drain()
    wanda.leave_for("second")
    sweep(two_shards)
    with two_shards.on("second"):
        again = accounts_named("Wanda")
        assert guilds.standing(again).guild == guild
        assert guilds.streams([again]) == [(again, f"guild:{guild}"), (again, f"chat:guild:{guild}")]
        services.leave_guild(character_id=again)
    shown = guilds.shown(guild)
    assert shown is not None
    assert [each.name for each in shown[1].members] == ["Maren"]


def accounts_named(name: str) -> int:
    return selectors.character_named(name).id


@pytest.mark.parametrize("point", ["guild_named", "guild_paid"])
def test_a_kill_before_the_payment_leaves_nothing(
    two_shards: TwoShards, maren: int, tovin: int, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    with two_shards.on("second"):
        with monkeypatch.context() as patch:
            patch.setattr(founding, "_reach", killing(point))
            with pytest.raises(KilledError):
                services.found_guild(character_id=tovin, name="Lamplighters")
        assert Guild.objects.get().founded_at is None
    services.keep_guilds()  # another shard leaves it alone
    assert Guild.objects.exists()
    with two_shards.on("second"):
        assert guilds.standing(tovin).guild is None
        services.keep_guilds()
        assert economy.glim(tovin) == 2000
    assert not Guild.objects.exists()
    services.found_guild(character_id=maren, name="Lamplighters")


@pytest.mark.parametrize("point", ["guild_named", "guild_paid"])
def test_whoever_was_cut_off_founds_again_at_once(
    two_shards: TwoShards, maren: int, tovin: int, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    with two_shards.on("second"):
        with monkeypatch.context() as patch:
            patch.setattr(founding, "_reach", killing(point))
            with pytest.raises(KilledError):
                services.found_guild(character_id=tovin, name="Lamplighters")
        entered = services.found_guild(character_id=tovin, name="Lamplighters")
        assert guilds.standing(tovin).guild == entered.guild
        assert economy.glim(tovin) == 2000 - guilds.price()
    assert Guild.objects.count() == 1


def test_a_kill_after_the_payment_loses_no_guild(
    two_shards: TwoShards, maren: int, tovin: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two_shards.on("second"):
        with monkeypatch.context() as patch:
            patch.setattr(founding, "_open", lambda guild: None)
            entered = services.found_guild(character_id=tovin, name="Lamplighters")
        assert guilds.standing(tovin).guild is None
        services.keep_guilds()
        assert guilds.standing(tovin).guild == entered.guild
        assert economy.glim(tovin) == 2000 - guilds.price()


def test_a_rank_whose_maker_died_before_the_receipt_is_made_once(
    two_shards: TwoShards, maren: int, tovin: int
) -> None:
    with two_shards.on("second"):
        services.found_guild(character_id=tovin, name="Lamplighters")
        leader = GuildRank.objects.get(position=0).pk

        def add() -> None:
            services.add_rank(character_id=tovin, name="Scout", permissions=("motd",), below=leader)

        @transactional
        def command() -> None:
            add()
            raise KilledError  # after the realm has committed, before the shard has its receipt

        with pytest.raises(KilledError):
            command()
        with pytest.raises(RankNameTakenError):
            add()
    assert list(GuildRank.objects.values_list("name", flat=True)) == ["Leader", "Scout", "Officer", "Member"]


def test_who_cannot_pay_leaves_the_name_to_others(two_shards: TwoShards, maren: int) -> None:
    with two_shards.on("second"):
        poor = cast.character(cast.account("bob"), "Tovin").id
        with pytest.raises(InsufficientError):
            services.found_guild(character_id=poor, name="Lamplighters")
    assert not Guild.objects.exists()
    services.found_guild(character_id=maren, name="Lamplighters")


def test_names_that_end_on_a_shard_leave_their_guilds(two_shards: TwoShards, maren: int, tovin: int) -> None:
    guild = together(two_shards, maren, tovin)
    services.hand_over_guild(character_id=maren, name="Tovin")
    with two_shards.on("second"):
        cast.character(cast.account("carol"), "Carol")
        Character.objects.filter(pk=tovin).delete()
        moment = clock.now() + 3600
        with clock.replaced(lambda: moment):
            assert accounts.keep_names() == 1
    assert not CharacterName.objects.filter(name="Tovin").exists()
    assert Guild.objects.get(pk=guild).leader_id == GuildMember.objects.get().pk


def killing(point: str) -> Any:
    def reach(reached: str) -> None:
        if reached == point:
            raise KilledError

    return reach
