"""A battle's events as sentences that people read, in the language of the reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from apps.combat import engine
from apps.combat.engine import events as e

Cell = tuple[int, int]


class Narrator:
    """Tells the events of one battle. It knows the names; state comes from nowhere else."""

    def __init__(self, header: engine.Header) -> None:
        self._names = {build.id: build.name for build in header.builds}

    def tell(self, event: e.Event) -> str:
        """Return a sentence, or nothing for events that are no news by themselves."""
        if isinstance(event, e.Summoned | e.Joined):
            self._names[event.combatant.id] = event.combatant.name
        told = _TOLD.get(type(event))
        return told(self, event) if told else ""

    def name(self, who: int) -> str:
        return self._names.get(who, _("nobody"))


def _at(cell: Cell) -> str:
    return f"{cell[0]},{cell[1]}"


def _moved(n: Narrator, event: e.Moved) -> str:
    stopped = _("Something stops the walk.") if event.stopped else ""
    if not event.path:
        return stopped
    told = _("%(who)s walks to %(cell)s.") % {"who": n.name(event.who), "cell": _at(event.path[-1])}
    return f"{told} {stopped}".strip()


def _cast(n: Narrator, event: e.SkillCast) -> str:
    told = _("%(who)s uses %(skill)s on %(cell)s.")
    if event.is_crit:
        told = _("%(who)s uses %(skill)s on %(cell)s: a critical hit.")
    return told % {"who": n.name(event.who), "skill": event.skill, "cell": _at(event.cell)}


def _damaged(n: Narrator, event: e.Damaged) -> str:
    told = _("%(who)s loses %(lost)d hit points (%(absorbed)d absorbed), %(hp)d left.")
    if event.is_dodged:
        told = _("%(who)s half dodges and loses %(lost)d hit points (%(absorbed)d absorbed), %(hp)d left.")
    values = {"who": n.name(event.who), "lost": event.lost, "absorbed": event.absorbed, "hp": event.hp}
    return told % values


def _healed(n: Narrator, event: e.Healed) -> str:
    values = {"who": n.name(event.who), "amount": event.amount, "hp": event.hp}
    return _("%(who)s regains %(amount)d hit points, %(hp)d now.") % values


def _effect_applied(n: Narrator, event: e.EffectApplied) -> str:
    values = {"who": n.name(event.who), "effect": f"{event.effect.kind} {event.effect.of}".strip()}
    return _("%(who)s is under an effect: %(effect)s.") % values


def _resisted(n: Narrator, event: e.EffectResisted) -> str:
    return _("%(who)s resists: %(what)s.") % {"who": n.name(event.who), "what": event.what}


def _displaced(n: Narrator, event: e.Displaced) -> str:
    values = {"who": n.name(event.who), "cell": _at(event.path[-1]), "cause": event.cause}
    return _("%(who)s is moved to %(cell)s (%(cause)s).") % values


def _collided(n: Narrator, event: e.Collided) -> str:
    if not event.struck:
        return _("%(who)s hits an obstacle.") % {"who": n.name(event.who)}
    return _("%(who)s bumps into %(other)s.") % {"who": n.name(event.who), "other": n.name(event.struck)}


def _died(n: Narrator, event: e.Died) -> str:
    if not event.by:
        return _("%(who)s falls.") % {"who": n.name(event.who)}
    return _("%(who)s falls to %(by)s.") % {"who": n.name(event.who), "by": n.name(event.by)}


def _summoned(n: Narrator, event: e.Summoned) -> str:
    values = {
        "who": n.name(event.combatant.owner),
        "what": event.combatant.name,
        "cell": _at(event.combatant.cell),
    }
    return _("%(who)s brings %(what)s to %(cell)s.") % values


def _joined(n: Narrator, event: e.Joined) -> str:
    values = {"who": event.combatant.name, "cell": _at(event.combatant.cell)}
    return _("%(who)s joins the battle on %(cell)s.") % values


def _field(text: Callable[[], str]) -> Callable[[Narrator, Any], str]:
    """Tell of a glyph or a trap: what it is, whose, and where."""

    def told(n: Narrator, event: Any) -> str:
        field = event.field
        values = {"skill": field.skill, "who": n.name(field.source), "cell": _at(field.centre)}
        return text() % values

    return told


def _seen(n: Narrator, event: e.Appeared | e.Glimpsed) -> str:
    told = _("%(who)s can be seen again on %(cell)s.")
    if isinstance(event, e.Glimpsed):
        told = _("%(who)s shows for a moment on %(cell)s.")
    return told % {"who": n.name(event.who), "cell": _at(event.cell)}


def _connection(n: Narrator, event: e.ConnectionChanged) -> str:
    told = _("%(who)s is back.") if event.is_connected else _("%(who)s has lost the connection.")
    return told % {"who": n.name(event.who)}


def _controller(n: Narrator, event: e.ControllerChanged) -> str:
    told = _("%(who)s decides again.") if event.controller == "human" else _("The house plays for %(who)s.")
    return told % {"who": n.name(event.who)}


def _ended(n: Narrator, event: e.BattleEnded) -> str:
    reasons = {
        "eliminated": _("nobody of the other side stands"),
        "objective": _("the objective is reached, or lost"),
        "forfeit": _("the other side gave up"),
        "abandoned": _("the other side stayed away"),
        "round_cap": _("the last round is over"),
        "engine_fault": _("a fault of the engine"),
        "staff": _("a game master has ended it"),
    }
    if event.winner < 0:
        return _("The battle ends without a winner: %(why)s.") % {"why": reasons[event.reason]}
    values = {"team": event.winner + 1, "why": reasons[event.reason]}
    return _("Team %(team)d wins: %(why)s.") % values


def _of_one(text: Callable[[], str]) -> Callable[[Narrator, Any], str]:
    return lambda n, event: text() % {"who": n.name(event.who)}


_TOLD: dict[type, Callable[[Narrator, Any], str]] = {
    e.Placed: lambda n, event: (
        _("%(who)s stands on %(cell)s.") % {"who": n.name(event.who), "cell": _at(event.cell)}
    ),
    e.Readied: _of_one(lambda: _("%(who)s is ready.")),
    e.FightStarted: lambda n, event: (
        _("The fight begins: %(order)s.") % {"order": ", ".join(map(n.name, event.timeline))}
    ),
    e.RoundStarted: lambda _n, event: _("Round %(round)d.") % {"round": event.round},
    e.Moved: _moved,
    e.SkillCast: _cast,
    e.Damaged: _damaged,
    e.Healed: _healed,
    e.EffectApplied: _effect_applied,
    e.EffectResisted: _resisted,
    e.Displaced: _displaced,
    e.Collided: _collided,
    e.Died: _died,
    e.Revived: _of_one(lambda: _("%(who)s stands again.")),
    e.Summoned: _summoned,
    e.Joined: _joined,
    e.Vanished: _of_one(lambda: _("%(who)s cannot be seen any more.")),
    e.Appeared: _seen,
    e.Glimpsed: _seen,
    e.FieldLaid: _field(lambda: _("%(who)s lays %(skill)s on %(cell)s.")),
    e.FieldFired: _field(lambda: _("%(skill)s of %(who)s strikes on %(cell)s.")),
    e.FieldRevealed: _field(lambda: _("%(skill)s of %(who)s comes to light on %(cell)s.")),
    e.Said: lambda n, event: _("%(who)s speaks: %(line)s.") % {"who": n.name(event.who), "line": event.line},
    e.RuleFollowed: lambda n, event: (
        _("%(who)s follows rule %(rule)d, phase %(phase)d.")
        % {"who": n.name(event.who), "rule": event.rule + 1, "phase": event.phase}
    ),
    e.Fled: _of_one(lambda: _("%(who)s flees.")),
    e.ForfeitVoted: _of_one(lambda: _("%(who)s wants to give up.")),
    e.ConnectionChanged: _connection,
    e.TurnSkipped: lambda n, event: (
        _("%(who)s lets a turn pass (%(count)d in a row).")
        % {"who": n.name(event.who), "count": event.skipped}
        if event.skipped
        else ""
    ),
    e.ControllerChanged: _controller,
    e.BattleEnded: _ended,
}
