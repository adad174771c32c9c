"""Whatever people do in guilds: one leader each, nobody in two, and nobody gains what its granter lacks."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.db.models import Count
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from aether.kernel.errors import GameError
from apps.chat import guilds, services
from apps.chat.models import Guild, GuildInvitation, GuildMember, GuildRank
from apps.chat.rules import guilds as rules
from tests.chat.guild_cast import Hall, person
from tests.emptying import empty

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("Alice", "Bob", "Carol", "Dora", "Edgar")
GUILDS = ("Lamplighters", "Night Watch")
who = st.sampled_from(NAMES)
which = st.integers(0, 7)
permissions = st.sets(st.sampled_from(rules.PERMISSIONS)).map(tuple)

WHAT_PEOPLE_DO = {
    "accept_guild_invitation",
    "add_rank",
    "change_member_rank",
    "decline_guild_invitation",
    "disband_guild",
    "edit_rank",
    "found_guild",
    "hand_over_guild",
    "invite_to_guild",
    "leave_guild",
    "move_rank",
    "remove_from_guild",
    "remove_rank",
    "withdraw_guild_invitation",
}
Powers = dict[str, tuple[int, int, int]]
"""Who is in which guild, at which position, with which permissions."""


class Guilds(RuleBasedStateMachine):
    """Five people do whatever they like; refusals are fine, and change nothing."""

    done: ClassVar[Counter[str]] = Counter()

    @initialize()
    def begin(self) -> None:
        empty(connection)
        self.people = {name: person(name, glim=100_000) for name in NAMES}
        hall = Hall.founded(self.people, "Alice", GUILDS[0])
        services.add_rank(
            character_id=self.people["Alice"],
            name="Steward",
            permissions=("invite", "kick", "promote", "ranks"),
            below=hall.ranks["Leader"],
        )
        hall.learn_ranks()
        for name, rank in (("Bob", "Steward"), ("Carol", "Officer"), ("Dora", "Member")):
            hall.takes_in(name, rank=rank)
        hall.invites("Bob", "Edgar")
        self.granter: str | None = None
        self.before: Powers = {}

    def act(self, name: str, service: Any, /, **arguments: Any) -> None:
        self.before, self.granter = self.powers(), name
        told = self.told()
        try:
            service(character_id=self.people[name], **arguments)
            self.done[service.__name__] += 1
        except GameError:
            assert (self.powers(), self.told()) == (self.before, told), "a refusal changed something"
            self.granter = None

    def powers(self) -> Powers:
        rows = GuildMember.objects.values_list(
            "name__name", "guild_id", "rank__position", "rank__permissions"
        )
        return {name: (guild, position, held) for name, guild, position, held in rows}

    def told(self) -> list[tuple[int, int, str]]:
        return sorted(Guild.objects.values_list("pk", "version", "motd"))

    def rank(self, name: str, n: int) -> int:
        """Return a rank of somebody's guild, the lowest first, or one that is nobody's where it has none."""
        mine = GuildMember.objects.filter(name__name=name).values("guild_id")
        ranks = GuildRank.objects.filter(guild__in=mine).order_by("-position")
        found = list(ranks.values_list("pk", flat=True))
        return found[n % len(found)] if found else 1

    @rule(name=who, guild=st.sampled_from(GUILDS))
    def founds(self, name: str, guild: str) -> None:
        self.act(name, services.found_guild, name=guild)
        self.granter = None

    @rule(name=who, other=who)
    def invites(self, name: str, other: str) -> None:
        self.act(name, services.invite_to_guild, name=other)

    @rule(name=who, n=which)
    def accepts(self, name: str, n: int) -> None:
        self.answer(name, n, services.accept_guild_invitation)

    @rule(n=which)
    def declines(self, n: int) -> None:
        asked = list(GuildInvitation.objects.order_by("pk").values_list("invited__name", flat=True))
        name = asked[n % len(asked)] if asked else NAMES[0]
        self.answer(name, n, services.decline_guild_invitation)

    def answer(self, name: str, n: int, service: Any) -> None:
        asked = GuildInvitation.objects.filter(invited__name=name).select_related("inviter")
        row = asked[n % len(asked)] if asked else None
        self.act(name, service, invitation_id=row.pk if row else 1)
        self.granter = None  # what the last rank is given while one is asked, its own granter gives

    @rule(name=who)
    def leaves(self, name: str) -> None:
        self.act(name, services.leave_guild)

    @rule(name=who, other=who)
    def kicks(self, name: str, other: str) -> None:
        self.act(name, services.remove_from_guild, name=other)

    @rule(name=who, other=who)
    def hands_over(self, name: str, other: str) -> None:
        self.act(name, services.hand_over_guild, name=other)

    @rule(name=who, other=who, n=which)
    def promotes(self, name: str, other: str, n: int) -> None:
        self.act(name, services.change_member_rank, name=other, rank_id=self.rank(name, n))

    @rule(name=who, n=which, granted=permissions)
    def adds_rank(self, name: str, n: int, granted: tuple[str, ...]) -> None:
        self.act(name, services.add_rank, name=f"Rank {n}", permissions=granted, below=self.rank(name, n))

    @rule(name=who, n=which, granted=permissions)
    def edits_rank(self, name: str, n: int, granted: tuple[str, ...]) -> None:
        rank = self.rank(name, n)
        self.act(name, services.edit_rank, rank_id=rank, name=f"Rank {n}", permissions=granted)

    @rule(name=who, n=which)
    def removes_rank(self, name: str, n: int) -> None:
        self.act(name, services.remove_rank, rank_id=self.rank(name, n))

    @rule(name=who, n=which, above=which)
    def moves_rank(self, name: str, n: int, above: int) -> None:
        rank, below = self.rank(name, n), self.rank(name, above)
        self.act(name, services.move_rank, rank_id=rank, below=below)

    @rule(name=who, n=which)
    def withdraws(self, name: str, n: int) -> None:
        mine = GuildInvitation.objects.filter(guild__members__name__name=name).order_by("pk")
        asked = list(mine.values_list("pk", flat=True))
        invitation = asked[n % len(asked)] if asked else 1
        self.act(name, services.withdraw_guild_invitation, invitation_id=invitation)

    @rule(name=who, guild=st.sampled_from(GUILDS))
    def disbands_anothers(self, name: str, guild: str) -> None:
        if not Guild.objects.filter(name=guild, leader__name=name).exists():
            self.act(name, services.disband_guild, name=guild)

    @precondition(lambda self: Guild.objects.count() == len(GUILDS))  # or little else would be done
    @rule(guild=st.sampled_from(GUILDS))
    def disbands(self, guild: str) -> None:
        leader = Guild.objects.get(name=guild).leader.name
        self.act(leader, services.disband_guild, name=guild)

    @invariant()
    def each_guild_has_one_leader_who_is_its_member(self) -> None:
        for guild in Guild.objects.all():
            first = guild.members.filter(rank__position=rules.LEADER)
            assert [each.pk for each in first] == [guild.leader_id]
            assert first[0].rank.permissions == rules.ALL

    @invariant()
    def ranks_stand_one_below_the_other(self) -> None:
        for guild in Guild.objects.all():
            positions = list(guild.ranks.values_list("position", flat=True))
            assert positions == list(range(len(positions)))
            assert 2 <= len(positions) <= rules.RANKS_MAX
            assert not guild.members.exclude(rank__guild=guild).exists()

    @invariant()
    def no_two_ranks_are_called_the_same(self) -> None:
        for guild in Guild.objects.all():
            found = list(guild.ranks.values_list("name", flat=True))
            assert len(set(found)) == len(found)

    @invariant()
    def nobody_gains_what_its_granter_lacks(self) -> None:
        if self.granter is None or self.granter not in self.before:
            return
        guild, position, held = self.before[self.granter]
        for name, (after_guild, after_position, after) in self.powers().items():
            own = self.before.get(name)
            if name == self.granter or own is None or own[0] != guild or after_guild != guild:
                continue
            assert not after & ~own[2] & ~held, f"{name} has gained what {self.granter} lacks"
            if own[1] <= position:
                assert (after_position, after) == (own[1], own[2]), f"{self.granter} touched {name}"

    @invariant()
    def what_is_shown_has_the_right_number(self) -> None:
        counts = Guild.objects.annotate(count=Count("members")).values_list("pk", "count")
        for guild, count in counts:
            found = guilds.shown(guild)
            assert found is not None
            assert len(found[1].members) == count


def test_the_laws_of_guilds_hold_whatever_happens() -> None:
    run_state_machine_as_test(
        Guilds,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Guilds.done.keys() >= WHAT_PEOPLE_DO, "some of it never succeeded"
