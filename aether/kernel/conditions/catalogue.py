"""The leaves of the language: what each means, what can change it, how it is said, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from aether.kernel.conditions.situation import Situation
from aether.kernel.conditions.tree import (
    CooledDown,
    ExitUnlocked,
    FlagIs,
    GuildIs,
    HasItem,
    ProfessionIs,
    QuestIs,
    StatIs,
    TimeIs,
)

Topic = Literal[
    "level.reached",
    "xp.revoked",
    "xp.restored",
    "stats.allocated",
    "holdings.changed",
    "quest.moved",
    "flag.set",
    "skill.reached",
    "zone.entered",
    "party.changed",
    "guild.changed",
    "exit.unlocked",
    "cooldown.changed",
    "event.changed",
    "weather.changed",
    "clock",
]
"""What happens to a character or around it; most are the names of facts. `clock`: time has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A kind of question. `en` and `fr` say what is asked for, then the opposite, with places for its parts.

    `folder` is where the document lies that the leaf names.
    """

    holds: Callable[[Any, Situation], bool]
    changed_by: frozenset[Topic]
    en: tuple[str, str]
    fr: tuple[str, str]
    folder: str = ""
    is_shown: bool = True


LEVEL_TOPICS: tuple[Topic, ...] = ("level.reached", "xp.revoked", "xp.restored")


def _leaf(
    holds: Callable[[Any, Situation], bool],
    *topics: Topic,
    en: tuple[str, str],
    fr: tuple[str, str],
    folder: str = "",
    is_shown: bool = True,
) -> Leaf:
    return Leaf(holds=holds, changed_by=frozenset(topics), en=en, fr=fr, folder=folder, is_shown=is_shown)


def _has(wanted: HasItem, here: Situation) -> bool:
    carried, worn = here.holdings.get(wanted.id, 0), here.worn.get(wanted.id, 0)
    found = {"carried": carried, "bag": carried - worn, "worn": worn, "bank": here.banked.get(wanted.id, 0)}
    return found[wanted.where] >= wanted.n


def _flag_is(wanted: FlagIs, here: Situation) -> bool:
    flags = here.copy_flags if wanted.of == "copy" else here.flags
    return wanted.compares(flags.get(wanted.key, 0))


def _stat_is(wanted: StatIs, here: Situation) -> bool:
    return wanted.hold(here.stats.get(wanted.id, 0))


def _quest_is(wanted: QuestIs, here: Situation) -> bool:
    state, step = here.quests.get(wanted.id, ("locked", None))
    return state == wanted.state and wanted.step in (None, step)


def _profession_is(wanted: ProfessionIs, here: Situation) -> bool:
    return here.professions.get(wanted.id, 1) >= wanted.level


def _guild_is(wanted: GuildIs, here: Situation) -> bool:
    return here.guild is not None and (wanted.may is None or wanted.may in here.guild)


def _unlocked(wanted: ExitUnlocked, here: Situation) -> bool:
    return wanted.names in here.unlocked


def _cooled_down(wanted: CooledDown, here: Situation) -> bool:
    return wanted.key not in here.cooling


def _time_is(wanted: TimeIs, here: Situation) -> bool:
    if wanted.between is None:
        return here.weekday in (wanted.weekday or ())
    begin, end = (int(each[:2]) * 60 + int(each[3:]) for each in wanted.between)
    if begin <= end:
        return begin <= here.minute < end
    return here.minute >= begin or here.minute < end


LEAVES: dict[str, Leaf] = {
    "level": _leaf(
        lambda bounds, here: bounds.hold(here.level),
        *LEVEL_TOPICS,
        en=("level {range}", "not level {range}"),
        fr=("niveau {range}", "pas le niveau {range}"),
    ),
    "class": _leaf(
        lambda wanted, here: here.class_id == wanted,
        en=("the class {name}", "any class but {name}"),
        fr=("la classe {name}", "une autre classe que {name}"),
        folder="classes",
    ),
    "stat": _leaf(
        _stat_is,
        "stats.allocated",
        en=("{stat} {range}", "{stat} not {range}"),
        fr=("{stat} {range}", "{stat} autre que {range}"),
    ),
    "has_item": _leaf(
        _has,
        "holdings.changed",
        en=("{n} × {name} {where}", "less than {n} × {name} {where}"),
        fr=("{n} × {name} {where}", "moins de {n} × {name} {where}"),
        folder="items",
    ),
    "equipped": _leaf(
        lambda wanted, here: wanted in here.worn,
        "holdings.changed",
        en=("{name}, worn", "{name} taken off"),
        fr=("{name}, sur soi", "{name} retiré"),
        folder="items",
    ),
    "currency": _leaf(
        lambda wanted, here: here.holdings.get(wanted.id, 0) >= wanted.n,
        "holdings.changed",
        en=("{n} {id}", "less than {n} {id}"),
        fr=("{n} {id}", "moins de {n} {id}"),
    ),
    "quest": _leaf(
        _quest_is,
        "quest.moved",
        en=("the quest “{name}” {state}", "the quest “{name}” not {state}"),
        fr=("la quête « {name} » {state}", "la quête « {name} » pas {state}"),
        folder="quests",
    ),
    "flag": _leaf(
        _flag_is,
        "flag.set",
        "zone.entered",
        en=("something that you have not found out yet",) * 2,
        fr=("quelque chose que vous n’avez pas encore découvert",) * 2,
        is_shown=False,
    ),
    "profession": _leaf(
        _profession_is,
        "skill.reached",
        en=("{name} of level {level}", "{name} below level {level}"),
        fr=("{name} de niveau {level}", "{name} sous le niveau {level}"),
        folder="professions",
    ),
    "zone": _leaf(
        lambda wanted, here: here.zone == wanted,
        "zone.entered",
        en=("to be in {name}", "to be elsewhere than in {name}"),
        fr=("être dans la zone {name}", "être ailleurs que dans la zone {name}"),
        folder="zones",
    ),
    "time": _leaf(
        _time_is,
        "clock",
        en=("the right time: {when}", "another time than {when}"),
        fr=("le bon moment : {when}", "un autre moment que {when}"),
    ),
    "party_size": _leaf(
        lambda bounds, here: bounds.hold(here.party_size),
        "party.changed",
        en=("a party of {range}", "a party that is not of {range}"),
        fr=("un groupe de {range}", "un groupe qui n’est pas de {range}"),
    ),
    "guild": _leaf(
        _guild_is,
        "guild.changed",
        en=("{guild}", "{none}"),
        fr=("{guild}", "{none}"),
    ),
    "guild_rank": _leaf(
        lambda bounds, here: here.guild_rank is not None and bounds.hold(here.guild_rank),
        "guild.changed",
        en=("rank {range} of a guild (1 is its leader’s)", "not rank {range} of a guild"),
        fr=("le rang {range} d’une guilde (1 est celui du chef)", "pas le rang {range} d’une guilde"),
    ),
    "unlocked": _leaf(
        _unlocked,
        "exit.unlocked",
        en=("somebody who opens this way for you", "a way that nobody has opened for you"),
        fr=("quelqu’un qui vous ouvre ce passage", "un passage que personne ne vous a ouvert"),
    ),
    "cooldown": _leaf(
        _cooled_down,
        "cooldown.changed",
        "clock",
        en=("to wait a little", "to have been here a moment ago"),
        fr=("attendre un peu", "être venu ici il y a un instant"),
    ),
    "event_active": _leaf(
        lambda wanted, here: wanted in here.events,
        "event.changed",
        "clock",
        en=("the event “{name}”", "the end of the event “{name}”"),
        fr=("l’événement « {name} »", "la fin de l’événement « {name} »"),
        folder="events",
    ),
    "weather": _leaf(
        lambda wanted, here: here.weather == wanted,
        "weather.changed",
        "zone.entered",
        "clock",
        en=("other weather: {name}", "other weather than {name}"),
        fr=("un autre temps : {name}", "un autre temps que {name}"),
        folder="weathers",
    ),
}
