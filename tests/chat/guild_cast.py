"""A guild for tests: its founder, and who comes into it at which rank."""

from __future__ import annotations

from dataclasses import dataclass, field

from aether.kernel import clock
from aether.kernel.live import redis
from apps.accounts.models import Account, Character, CharacterName
from apps.accounts.rules.names import skeleton
from apps.chat import guilds, services
from apps.chat.models import Guild, GuildMember, GuildRank
from tests.economy.cast import give

NAME = "Lamplighters"
PRICE = 500


def person(name: str, *, shard: str = "first", glim: int = 0) -> int:
    """Make a character with a name of the realm, online; return its id."""
    account, _ = Account.objects.get_or_create(username=name.lower())
    CharacterName.objects.create(name_key=skeleton(name), name=name, account=account, shard=shard)
    who = Character.objects.create(
        account=account, name=name, name_key=skeleton(name), class_id="anchorite"
    ).pk
    redis().zadd("presence", {str(who): clock.now()})
    if glim:
        give(who, glim=glim)
    return who


@dataclass
class Hall:
    """A guild by its id, and the people of the tests by name."""

    people: dict[str, int]
    guild: int = 0
    ranks: dict[str, int] = field(default_factory=dict)

    @classmethod
    def founded(cls, people: dict[str, int], founder: str = "Alice", name: str = NAME) -> Hall:
        hall = cls(people)
        hall.guild = services.found_guild(character_id=people[founder], name=name).guild
        hall.learn_ranks()
        return hall

    def learn_ranks(self) -> None:
        self.ranks = dict(GuildRank.objects.filter(guild_id=self.guild).values_list("name", "pk"))

    def invites(self, who: str, whom: str) -> int:
        return services.invite_to_guild(character_id=self.people[who], name=whom).invitation

    def takes_in(self, *names: str, rank: str = "Member") -> None:
        """Let people come, asked by the leader, who gives them a rank."""
        for name in names:
            invitation = self.invites(self.leader, name)
            services.accept_guild_invitation(character_id=self.people[name], invitation_id=invitation)
            if rank != "Member":
                services.change_member_rank(
                    character_id=self.people[self.leader], name=name, rank_id=self.ranks[rank]
                )

    @property
    def leader(self) -> str:
        return Guild.objects.select_related("leader").get(pk=self.guild).leader.name

    def members(self) -> dict[str, str]:
        """Return the rank of each member, by their names."""
        rows = GuildMember.objects.filter(guild_id=self.guild).order_by("rank__position", "joined_at")
        return dict(rows.values_list("name__name", "rank__name"))

    def version(self) -> int:
        return guilds.versions([self.guild])[self.guild]
