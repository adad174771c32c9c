"""Who may receive what of a battle: an allow-list of every field that a message about battles carries.

Audiences: the own team of whom a value is about, everybody else (the other team and spectators), and the
omniscient (game masters, and replays of battles that are over), who receive every field that is listed.
What is not listed goes to nobody. `apps.combat.engine.view` decides what is sent; this list knows nothing
of how it does that, and the tests hold every message against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from itertools import chain

import msgspec

from aether.protocol import battles, combat, spectating
from aether.protocol import combat_events as e
from aether.protocol import combat_values as v
from aether.protocol.base import Done
from aether.protocol.gateway import ErrorBody


class To(StrEnum):
    """Who receives a value. Where others do not, they find it blank: 0, false, null or empty."""

    EVERYBODY = "everybody"
    OWN = "own"
    """The own team."""
    COMRADES = "comrades"
    """A list of combatants, of which each team receives those of its own."""
    UNLESS_UNSEEN = "unless_unseen"
    """Everybody; the own team only while whom or what it is about is unseen."""
    STAND_IN = "stand_in"
    """Everybody; others find where it seems to be while that is not where it is."""
    OMNISCIENT = "omniscient"
    """No player and no spectator before the end."""


class Allowed(msgspec.Struct, frozen=True, dict=True):
    """What a type may carry, as names of fields; `told` says who receives one at all.

    One that `reveals` tells everybody of something that was unseen until then.
    """

    everybody: str = ""
    own: str = ""
    comrades: str = ""
    unless_unseen: str = ""
    stand_in: str = ""
    omniscient: str = ""
    told: To = To.EVERYBODY
    reveals: bool = False

    @cached_property
    def fields(self) -> Mapping[str, To]:
        return dict(
            chain.from_iterable(((name, to) for name in getattr(self, to.value).split()) for to in To)
        )


_UNLESS_UNSEEN = To.UNLESS_UNSEEN

VALUES: Mapping[type[msgspec.Struct], Allowed] = {
    v.BattleView: Allowed(
        "battle_id mode phase round turn turn_owner timeline board placement combatants winner end_reason "
        "results commitment fields objectives turn_ends_at",
        comrades="forfeit_votes",
    ),
    v.CombatantView: Allowed(
        "id slot team kind ref name level character_id controller is_connected is_ready is_alive has_fled "
        "hp hp_max hp_full ap ap_debt mp_debt turns skipped stats effects owner is_hidden phase",
        own="skills uses began_at",
        unless_unseen="mp",
        stand_in="cell",
    ),
    v.LastingEffect: Allowed(
        "id key kind of skill source anchor anchor_id until value stacks pierce_pct is_harmful "
        "is_dispellable block is_waiting"
    ),
    v.Field: Allowed(
        "id kind skill source team centre cells when until block is_revealed", told=_UNLESS_UNSEEN
    ),
    v.SkillSlot: Allowed("id rank item uses", told=To.OWN),
    v.SkillUse: Allowed("skill ready_at turn turn_uses turn_targets fight_uses", told=To.OWN),
    v.BoardView: Allowed("width height terrain tags"),
    v.Objective: Allowed("team goal ref rounds cells"),
    v.Result: Allowed("who outcome"),
}

EVENTS: Mapping[type[msgspec.Struct], Allowed] = {
    e.Placed: Allowed("who cell"),
    e.Readied: Allowed("who", omniscient="seed"),
    e.FightStarted: Allowed("timeline"),
    e.RoundStarted: Allowed("round"),
    e.TurnStarted: Allowed("who turn turns"),
    e.TombstonePassed: Allowed("who turns"),
    e.TurnEnded: Allowed("who turn", omniscient="state_hash"),
    e.PointsChanged: Allowed("who ap ap_debt mp_debt is_hidden", unless_unseen="mp"),
    e.Moved: Allowed("who path mp stopped is_hidden", told=_UNLESS_UNSEEN),
    e.SkillCast: Allowed(
        "who skill is_crit ap hp is_hidden", own="ready_at shown", unless_unseen="mp", stand_in="cell target"
    ),
    e.Damaged: Allowed(
        "who by cause element base amount absorbed lost is_dodged hp hp_max redirected",
    ),
    e.Healed: Allowed("who by amount hp"),
    e.EffectApplied: Allowed("who effect"),
    e.EffectChanged: Allowed("who effect_id value stacks until is_waiting"),
    e.EffectEnded: Allowed("who effect_id why"),
    e.EffectResisted: Allowed("who by what"),
    e.Displaced: Allowed("who by cause path is_hidden", told=_UNLESS_UNSEEN),
    e.Collided: Allowed("who struck left is_hidden", told=_UNLESS_UNSEEN),
    e.Died: Allowed("who by"),
    e.Revived: Allowed("who by hp"),
    e.Summoned: Allowed("combatant timeline is_linked"),
    e.Joined: Allowed("combatant"),
    e.Vanished: Allowed("who", own="mp"),
    e.Appeared: Allowed("who cell mp"),
    e.Glimpsed: Allowed("who cell"),
    e.FieldLaid: Allowed("field", told=_UNLESS_UNSEEN),
    e.FieldFired: Allowed("field who", reveals=True),
    e.FieldRevealed: Allowed("field", reveals=True),
    e.FieldEnded: Allowed("field_id kind team is_hidden", told=_UNLESS_UNSEEN),
    e.CooldownChanged: Allowed("who skill ready_at", told=To.OWN),
    e.Said: Allowed("who line"),
    e.RuleFollowed: Allowed("who rule phase"),
    e.Fled: Allowed("who"),
    e.ForfeitVoted: Allowed("who", told=To.OWN),
    e.ConnectionChanged: Allowed("who is_connected"),
    e.TurnSkipped: Allowed("who skipped"),
    e.ControllerChanged: Allowed("who controller"),
    e.BattleEnded: Allowed("winner reason results"),
    e.Rolled: Allowed("stream index n value next_index why", told=To.OMNISCIENT),
}

UPDATES: Mapping[type[msgspec.Struct], Allowed] = {
    combat.BattleSnapshot: Allowed("battle clock site"),
    combat.BattleEvents: Allowed("events clock"),
    combat.Clock: Allowed("deadline bank_ms"),
    combat.BattleSite: Allowed("zone map_hash origin"),
    combat.CurrentBattleChanged: Allowed("battle stream outcome"),
    combat.ChallengeReceived: Allowed("challenge character name expires_at spectating teams"),
    combat.JoinOffered: Allowed("offer"),
    combat.JoinOffer: Allowed("battle character name expires_at"),
    spectating.WatchedBattleChanged: Allowed("watched"),
    spectating.SpectatorsChanged: Allowed("battle spectators"),
}

REPLIES: Mapping[type[msgspec.Struct], Allowed] = {
    combat.BattleStarted: Allowed("battle stream"),
    combat.ChallengeIssued: Allowed("challenge expires_at"),
    combat.Committed: Allowed("turn"),
    spectating.WatchedBattle: Allowed("battle stream is_delayed spectators"),
    Done: Allowed(),
    ErrorBody: Allowed("code message retry details"),
}

REPLAYS: Mapping[type[msgspec.Struct], Allowed] = {
    battles.BattleReplay: Allowed("battle is_over site views not_replayable"),
    battles.SeenBattle: Allowed("audience start told"),
}

AFTER_THE_END: Mapping[type[msgspec.Struct], Allowed] = {
    e.Reveal: Allowed(
        "battle_id content_hash commitment server_seed client_seeds rolls log_hash not_replayable loot",
        reveals=True,
    ),
    v.ClientSeed: Allowed("character_id seed"),
}
"""What proves the dice of a battle; nobody receives it before the end, and everybody then."""

ALLOWED: Mapping[type[msgspec.Struct], Allowed] = {
    **VALUES,
    **EVENTS,
    **UPDATES,
    **REPLIES,
    **REPLAYS,
    **AFTER_THE_END,
}

DETAILS: Mapping[str, frozenset[str]] = {
    "combat.not_enough_ap": frozenset({"left", "needed"}),
    "combat.not_enough_mp": frozenset({"left", "needed"}),
    "combat.gripped": frozenset({"left", "needed"}),
    "combat.on_cooldown": frozenset({"turns"}),
    "combat.limit_reached": frozenset({"limit"}),
    "combat.battle_full": frozenset({"most"}),
    "combat.party_not_ready": frozenset({"names"}),
    "bad_request": frozenset({"problem"}),
    "unknown_field": frozenset({"problem"}),
}
"""What a refusal may tell besides its code, all of it about the caller itself; the others tell nothing."""
