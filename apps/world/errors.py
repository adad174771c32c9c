"""What the world refuses."""

from __future__ import annotations

from aether.kernel.errors import GameError


class NotInWorldError(GameError):
    code = "world.not_in_world"
    en = "Enter the world first."
    fr = "Entrez d'abord dans le monde."


class InBattleError(GameError):
    code = "world.in_battle"
    en = "Not while a battle lasts."
    fr = "Pas pendant un combat."


class BadPathError(GameError):
    """The path does not begin beside the character or jumps; `cell` is where the character stands."""

    code = "world.bad_path"
    en = "There is no walking along this path."
    fr = "Ce chemin ne peut pas être suivi."


class BlockedError(GameError):
    code = "world.blocked"
    en = "Something is in the way."
    fr = "Quelque chose barre le passage."


class TooFarError(GameError):
    code = "world.too_far"
    en = "That is too far away."
    fr = "C'est trop loin."


class GroupBusyError(GameError):
    code = "world.group_busy"
    en = "These monsters are busy with somebody else."
    fr = "Ces monstres sont déjà aux prises avec quelqu'un."


class SafeZoneError(GameError):
    code = "world.safe_zone"
    en = "Nobody fights here."
    fr = "On ne se bat pas ici."


class AlreadyUsedError(GameError):
    code = "world.already_used"
    en = "There is nothing left in it for you."
    fr = "Il n'y reste rien pour vous."


class NodeSpentError(GameError):
    code = "world.node_spent"
    en = "There is nothing left to gather here."
    fr = "Il n'y a plus rien à récolter ici."


class AlreadyGatheringError(GameError):
    code = "world.already_gathering"
    en = "You are gathering already."
    fr = "Vous récoltez déjà."


class NotHurtError(GameError):
    code = "world.not_hurt"
    en = "You are not hurt."
    fr = "Vous n'êtes pas blessé."


class NoEventError(GameError):
    code = "world.no_event"
    en = "The calendar has no such event."
    fr = "Le calendrier n'a pas cet événement."
