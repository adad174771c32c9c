"""Conditions in words, in both languages: what one asks for, and why it does not hold yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aether.kernel.conditions.catalogue import LEAVES
from aether.kernel.conditions.evaluating import holds
from aether.kernel.conditions.situation import Situation
from aether.kernel.conditions.tree import Bounds, Condition, TimeIs
from aether.kernel.content.pack import LocalText, Pack

Names = Callable[[str, str], LocalText]
"""What the document of a folder is called."""

AND = LocalText(en=", and ", fr=", et ")
OR = LocalText(en=", or ", fr=", ou ")
NEVER = LocalText(en="what nobody can do", fr="ce que personne ne peut faire")
WHERE = {
    "carried": LocalText(en="with you", fr="sur vous"),
    "bag": LocalText(en="in your bag", fr="dans votre sac"),
    "worn": LocalText(en="worn", fr="porté"),
    "bank": LocalText(en="in your bank", fr="dans votre banque"),
}
STATES = {
    "locked": LocalText(en="still out of reach", fr="encore hors d’atteinte"),
    "available": LocalText(en="available", fr="disponible"),
    "active": LocalText(en="under way", fr="en cours"),
    "ready": LocalText(en="ready to be reported", fr="prête à être rapportée"),
    "completed": LocalText(en="completed", fr="accomplie"),
    "failed": LocalText(en="failed", fr="manquée"),
    "abandoned": LocalText(en="given up", fr="abandonnée"),
}
STATS = {
    "vigor": LocalText(en="Vigour", fr="Vigueur"),
    "stone": LocalText(en="Stone", fr="Pierre"),
    "ember": LocalText(en="Ember", fr="Braise"),
    "gale": LocalText(en="Gale", fr="Vent"),
    "tide": LocalText(en="Tide", fr="Marée"),
    "focus": LocalText(en="Focus", fr="Concentration"),
}
GUILD_MAY = {
    "invite": LocalText(en="ask people in", fr="d’inviter"),
    "kick": LocalText(en="send members away", fr="de renvoyer des membres"),
    "promote": LocalText(en="give ranks", fr="de donner des rangs"),
    "ranks": LocalText(en="change ranks", fr="de changer les rangs"),
    "motd": LocalText(en="write its message of the day", fr="d’écrire son message du jour"),
    "props": LocalText(en="raise its banner", fr="de hisser sa bannière"),
    "dissolve": LocalText(en="disband it", fr="de la dissoudre"),
}
DAYS_FR = {
    "monday": "lundi",
    "tuesday": "mardi",
    "wednesday": "mercredi",
    "thursday": "jeudi",
    "friday": "vendredi",
    "saturday": "samedi",
    "sunday": "dimanche",
}


def names_of(pack: Pack) -> Names:
    """Return the names of a pack; what it does not name is called by its id."""

    def name(folder: str, document: str) -> LocalText:
        found = pack.raw(folder).get(document, {}).get("name")
        return LocalText(**found) if isinstance(found, dict) else LocalText(en=document, fr=document)

    return name


def asks_for(condition: Condition, names: Names, *, is_so: bool = True) -> LocalText:
    """Return in words what a condition asks for, or its opposite."""
    return _said(condition, names, is_so, None)


def why_not(condition: Condition | None, situation: Situation, names: Names) -> LocalText | None:
    """Return what is still missing for a condition to hold; nothing where it does.

    What the player may not know is told as something unknown.
    """
    if condition is None or holds(condition, situation):
        return None
    missing = _said(condition, names, True, situation)
    return LocalText(en=f"It takes {missing.en}.", fr=f"Il faut {missing.fr}.")


def _said(condition: Condition, names: Names, is_so: bool, situation: Situation | None) -> LocalText:
    """Say a condition; with a situation, only those of its parts that do not hold."""
    kind, said = condition.said
    if kind == "not":
        return _said(said, names, not is_so, situation)
    if kind not in ("all", "any"):
        return _leaf(kind, said, names, is_so)
    parts = [each for each in said if situation is None or holds(each, situation) is not is_so]
    texts = [_said(each, names, is_so, situation) for each in parts]
    return _joined(texts, AND if (kind == "all") is is_so else OR)


def _joined(texts: list[LocalText], word: LocalText) -> LocalText:
    if not texts:
        return NEVER
    distinct = list(dict.fromkeys((text.en, text.fr) for text in texts))
    return LocalText(en=word.en.join(en for en, _ in distinct), fr=word.fr.join(fr for _, fr in distinct))


def _leaf(kind: str, said: Any, names: Names, is_so: bool) -> LocalText:
    leaf, which = LEAVES[kind], 0 if is_so else 1
    parts = _parts(kind, said, names)
    en, fr = ({key: text.en for key, text in parts.items()}, {key: text.fr for key, text in parts.items()})
    return LocalText(en=leaf.en[which].format(**en), fr=leaf.fr[which].format(**fr))


def _parts(kind: str, said: Any, names: Names) -> dict[str, LocalText]:
    """Return what stands in the places of a leaf's sentence."""
    leaf, parts = LEAVES[kind], {}
    if leaf.folder:
        parts["name"] = names(leaf.folder, said if isinstance(said, str) else said.id)
    for field in ("n", "id", "level"):
        if isinstance(value := getattr(said, field, None), int | str):
            parts[field] = LocalText(en=str(value), fr=str(value))
    if isinstance(said, Bounds):
        parts["range"] = _range(said)
    if isinstance(said, TimeIs):
        parts["when"] = _when(said)
    return parts | _words(kind, said)


def _words(kind: str, said: Any) -> dict[str, LocalText]:
    match kind:
        case "stat":
            return {"stat": STATS.get(said.id, LocalText(en=said.id, fr=said.id))}
        case "has_item":
            return {"where": WHERE[said.where]}
        case "guild":
            return _guild(said.may)
        case "quest":
            return {"state": STATES[said.state]}
        case _:
            return {}


def _guild(may: str | None) -> dict[str, LocalText]:
    """Return what is asked of a guild, and the opposite."""
    if may is None:
        return {
            "guild": LocalText(en="a guild", fr="une guilde"),
            "none": LocalText(en="to be in no guild", fr="n’être dans aucune guilde"),
        }
    does = GUILD_MAY[may]
    return {
        "guild": LocalText(
            en=f"a guild, and a rank in it that may {does.en}",
            fr=f"une guilde, et un rang qui permette {does.fr}",
        ),
        "none": LocalText(
            en=f"no rank in a guild that may {does.en}",
            fr=f"n’avoir dans aucune guilde un rang qui permette {does.fr}",
        ),
    }


def _range(bounds: Bounds) -> LocalText:
    low, high = bounds.at_least, bounds.at_most
    if low is not None and high is not None:
        return LocalText(en=f"{low} to {high}", fr=f"{low} à {high}")
    if low is not None:
        return LocalText(en=f"{low} or more", fr=f"{low} ou plus")
    if high is not None:
        return LocalText(en=f"{high} or less", fr=f"{high} ou moins")
    return LocalText(en="any", fr="quelconque")


def _when(time: TimeIs) -> LocalText:
    if time.between is not None:
        begin, end = time.between
        return LocalText(en=f"{begin} to {end}", fr=f"de {begin} à {end}")
    days = time.weekday or ()
    return LocalText(
        en=", ".join(day.capitalize() for day in days), fr=", ".join(DAYS_FR[day] for day in days)
    )
