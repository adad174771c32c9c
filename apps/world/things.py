"""What the things of a zone are: their states, and how one leads to another.

What has a `to` is the same for everybody and is kept as events; what has none is between the thing and
whoever uses it: `once` and `cooldown` say how often.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from aether.kernel.conditions import Condition, Id, leaves
from aether.kernel.content import LocalText
from aether.kernel.effects import Effect
from apps.world.definitions import Definition, Seconds

CHEST = "chest"
"""What a chest is where its map does not say."""

Blocked = Literal["walk", "sight"]
Kind = Literal["door", "lever", "chest", "shrine", "board", "anchor", "banner", "prop"]


class StateDef(Definition, frozen=True, kw_only=True):
    """`name` is what the thing is called in this state; `blocks` what it stands in the way of."""

    id: Id
    name: LocalText
    blocks: Annotated[tuple[Blocked, ...], msgspec.Meta(max_length=2)] = ()


class CooldownDef(Definition, frozen=True, kw_only=True):
    """How long the same character has to wait for anything with the same key."""

    key: Id
    s: Seconds


class TransitionDef(Definition, frozen=True, kw_only=True):
    """What can be done with a thing that is in one of the states `from`, by whom, and what comes of it.

    `moves` is the state that the things which the placed one names as its targets go to. After
    `closes_after_s` the thing and they go back. Whoever has done it `once` sees the thing as `shows`.
    `loots`: it pays the loot table that the map gives the placed thing. What `claims` lets the thing stand in
    the name of the guild of whoever does it; another guild's is left alone for `held_s`.
    """

    action: Id
    label: LocalText
    from_: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1, max_length=8)] = msgspec.field(name="from")
    to: Id | None = None
    condition: Condition | None = msgspec.field(name="if", default=None)
    effects: Annotated[tuple[Effect, ...], msgspec.Meta(max_length=8)] = ()
    loots: bool = False
    once: bool = False
    shows: Id | None = None
    cooldown: CooldownDef | None = None
    moves: Id | None = None
    closes_after_s: Seconds | None = None
    claims: bool = False
    held_s: Seconds | None = None

    def __post_init__(self) -> None:
        if self.to in self.from_ and not self.claims:
            raise ValueError("`to` is another state than those it comes from")
        if self.once and (self.to or self.cooldown):
            raise ValueError("`once` is for each character by itself: it goes with no `to` or `cooldown`")
        if self.shows and not self.once:
            raise ValueError("`shows` goes with `once`")
        if (self.closes_after_s or self.moves) and not self.to:
            raise ValueError("`closes_after_s` and `moves` go with `to`")
        if self.held_s and not self.claims:
            raise ValueError("`held_s` goes with `claims`")
        if self.claims and not (self.to and any(leaf.guild for leaf in leaves(self.condition))):
            raise ValueError("`claims` goes with `to`, and with an `if` that asks for a `guild`")
        if (self.loots or any(each.is_gain for each in self.effects)) and not (self.once or self.cooldown):
            raise ValueError("what gives something of value needs `once` or a `cooldown`")


class ObjectDef(Definition, frozen=True, kw_only=True):
    """A kind of thing. It begins in its first state; who does not meet `seen_if` does not see it."""

    id: Id
    kind: Kind
    text: LocalText
    states: Annotated[tuple[StateDef, ...], msgspec.Meta(min_length=1, max_length=8)]
    transitions: Annotated[tuple[TransitionDef, ...], msgspec.Meta(max_length=16)] = ()
    seen_if: Condition | None = None

    def __post_init__(self) -> None:
        known = [state.id for state in self.states]
        if len(set(known)) < len(known):
            raise ValueError("two states have the same id")
        for each in self.transitions:
            named = {*each.from_, *filter(None, (each.to, each.shows))}
            if lost := sorted(named - set(known)):
                raise ValueError(f"the action `{each.action}` names no known state: {', '.join(lost)}")
        ways = [(each.action, state) for each in self.transitions for state in each.from_]
        if len(set(ways)) < len(ways):
            raise ValueError("an action leads to one thing from each state")
        if sum(each.once for each in self.transitions) > 1:
            raise ValueError("only one of its actions can be done `once`")
        if self.once and self.is_shared:
            raise ValueError("what is done `once` by each does not change for everybody as well")
        if any("walk" in state.blocks for state in self.states) and self.kind != "door":
            raise ValueError("only a `door` stands in the way in some states; other things always do")

    @property
    def start(self) -> StateDef:
        return self.states[0]

    def state(self, state_id: str) -> StateDef:
        """Return one of its states; the first where the content has lost it."""
        return next((state for state in self.states if state.id == state_id), self.start)

    @property
    def conditions(self) -> tuple[Condition | None, ...]:
        """Return all that it asks, of who wants to see it or do something with it."""
        return (self.seen_if, *(each.condition for each in self.transitions))

    @property
    def once(self) -> TransitionDef | None:
        """Return what can be done once."""
        return next((each for each in self.transitions if each.once), None)

    @property
    def is_shared(self) -> bool:
        """Whether anything that is done to it changes it for everybody."""
        return any(each.to for each in self.transitions)

    @property
    def may_block(self) -> bool:
        return any(state.blocks for state in self.states)
