"""In the name of which guild a thing stands, and who may claim it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from aether.kernel import clock
from aether.kernel.content import LocalText
from apps.chat import guilds
from apps.world.models import WorldObject
from apps.world.rules.objects import not_yet
from apps.world.things import TransitionDef

NO_GUILD = LocalText(en="It takes a guild.", fr="Il faut une guilde.")
OURS = LocalText(en="It stands in the name of your guild already.", fr="C’est déjà au nom de votre guilde.")


class Claim(NamedTuple):
    """A guild of the realm, and how it is called."""

    guild: int
    name: str


def claim_of(character_id: int) -> Claim | None:
    """Return the guild in whose name a character acts, if it is in one."""
    own = guilds.memberships([character_id]).get(character_id)
    return None if own is None else Claim(own.guild, own.name)


def refusal(transition: TransitionDef, row: WorldObject | None, own: Claim | None) -> LocalText | None:
    """Return why a guild may not claim a thing now; nothing where it may.

    A guild that is no more holds nothing.
    """
    if own is None:
        return NO_GUILD
    if row is None or not row.guild_id:
        return None
    if row.guild_id == own.guild:
        return OURS
    left = (transition.held_s or 0) - (clock.utc_now() - row.changed_at).total_seconds()
    return not_yet(left) if left > 0 and current_names([row.guild_id]) else None


def current_names(guild_ids: Iterable[int]) -> Mapping[int, str]:
    """Return how guilds are called now, of those that there are."""
    wanted = {each for each in guild_ids if each}
    return guilds.names_of(wanted) if wanted else {}
