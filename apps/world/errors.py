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


class LockedError(GameError):
    """A condition of the content does not hold; `en` and `fr` say what is missing, as far as one may know."""

    code = "world.locked"
    en = "{en}"
    fr = "{fr}"


class StaleObjectError(GameError):
    """The command was meant for an earlier state of the thing; `state` and `version` are the present ones."""

    code = "world.stale_object"
    en = "Somebody was faster: it has changed in the meantime."
    fr = "Quelqu'un a été plus rapide : cela a changé entre-temps."


class NothingToDoError(GameError):
    code = "world.nothing_to_do"
    en = "There is nothing to be done with it as it is now."
    fr = "Il n'y a rien à en faire dans cet état."


class NodeSpentError(GameError):
    code = "world.node_spent"
    en = "There is nothing left to gather here."
    fr = "Il n'y a plus rien à récolter ici."


class AlreadyGatheringError(GameError):
    code = "world.already_gathering"
    en = "You are gathering already."
    fr = "Vous récoltez déjà."


class SameCopyError(GameError):
    code = "world.same_copy"
    en = "You are in this copy already."
    fr = "Vous êtes déjà dans cette copie."


class CopyFullError(GameError):
    code = "world.copy_full"
    en = "This copy is full."
    fr = "Cette copie est pleine."


class CopyNotOpenError(GameError):
    code = "world.copy_not_open"
    en = "This copy is not open any more."
    fr = "Cette copie n'est plus ouverte."


class TradingError(GameError):
    code = "world.trading"
    en = "Not while you trade."
    fr = "Pas pendant un échange."


class TooSoonError(GameError):
    """`retry_after_ms` says how long to wait before another copy may be joined."""

    code = "world.too_soon"
    en = "You have changed copies a moment ago."
    fr = "Vous venez de changer de copie."


class TooManyGroupsError(GameError):
    code = "world.too_many_groups"
    en = "Staff have brought enough groups here already: take one away first."
    fr = "L'équipe a déjà amené assez de groupes ici : retirez-en un d'abord."


class NotHurtError(GameError):
    code = "world.not_hurt"
    en = "You are not hurt."
    fr = "Vous n'êtes pas blessé."


class NoEventError(GameError):
    code = "world.no_event"
    en = "The calendar has no such event."
    fr = "Le calendrier n'a pas cet événement."


class DoorClosedError(GameError):
    code = "world.door_closed"
    http_status = 409
    en = "This door is closed: what is asked for in this room is not done yet."
    fr = "Cette porte est fermée : ce que demande cette salle n'est pas encore fait."


class DungeonLevelError(GameError):
    code = "world.dungeon_level"
    http_status = 403
    en = "Nobody below level {level} is let in here."
    fr = "Nul n'entre ici en dessous du niveau {level}."


class DungeonPartyError(GameError):
    code = "world.dungeon_party"
    http_status = 409
    en = "Between {least} and {most} enter this dungeon together."
    fr = "On entre dans ce donjon de {least} à {most}."


class DungeonFullError(GameError):
    code = "world.dungeon_full"
    http_status = 409
    en = "As many of your party are in this dungeon as there is room for."
    fr = "Votre groupe occupe déjà toutes les places de ce donjon."


class DungeonLeaderError(GameError):
    code = "world.dungeon_leader"
    http_status = 409
    en = "The leader of your party goes in first."
    fr = "Le chef de votre groupe entre en premier."


class PuzzleSolvedError(GameError):
    code = "world.puzzle_solved"
    http_status = 409
    en = "Nothing moves any more: this puzzle is solved."
    fr = "Plus rien ne bouge : cette énigme est résolue."


class NothingHadError(GameError):
    """Staff would give a character something again that it can have anyway."""

    code = "world.nothing_had"
    http_status = 409
    en = "There is nothing to give back: the character can have it already."
    fr = "Il n'y a rien à rendre : le personnage peut déjà l'avoir."


class RoomNotReachedError(GameError):
    code = "world.room_not_reached"
    http_status = 409
    en = "The rooms before this one are not done yet."
    fr = "Les salles précédentes ne sont pas encore faites."


class NoDungeonRunError(GameError):
    code = "world.no_dungeon_run"
    http_status = 404
    en = "You have no way through this dungeon under way."
    fr = "Vous n'avez aucune traversée de ce donjon en cours."


class RunEndedError(GameError):
    code = "world.run_ended"
    http_status = 409
    en = "This way through the dungeon is over."
    fr = "Cette traversée du donjon est terminée."


class DungeonTeleportError(GameError):
    """Staff would put somebody into a dungeon who has no way through it there."""

    code = "world.dungeon_teleport"
    http_status = 409
    en = "A dungeon is entered through its gate: only somebody inside, in its own run, can be moved there."
    fr = "On entre dans un donjon par sa porte : seul qui s'y trouve dans sa propre traversée y est déplacé."


class OwnedTeleportError(GameError):
    """Staff would put somebody into a zone of owners who is not in its own copy of it."""

    code = "world.owned_teleport"
    http_status = 409
    en = "One comes in through the door of what is one's own: only somebody inside can be moved there."
    fr = "On n'entre chez soi que par la porte : seul qui s'y trouve y est déplacé."
