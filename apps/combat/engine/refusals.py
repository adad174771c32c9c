"""Why the rules refuse an input; nothing has changed when one of these is raised."""

from __future__ import annotations

from aether.kernel.errors import GameError


class Refusal(GameError):
    """Base of the refusals of battle; codes are complete (`combat.…`), ready for the wire."""

    code = "combat.refused"


class UnknownCombatant(Refusal):
    code = "combat.unknown_combatant"
    en = "You do not take part in this battle."
    fr = "Vous ne participez pas à ce combat."


class WrongPhase(Refusal):
    code = "combat.wrong_phase"
    en = "This is not possible in this phase of the battle."
    fr = "Ce n'est pas possible dans cette phase du combat."


class NotYourTurn(Refusal):
    code = "combat.not_your_turn"
    en = "It is not your turn."
    fr = "Ce n'est pas votre tour."


class NotAlive(Refusal):
    code = "combat.not_alive"
    en = "You are out of this battle."
    fr = "Vous êtes hors de combat."


class NotAllowed(Refusal):
    code = "combat.not_allowed"
    en = "You cannot decide this."
    fr = "Vous ne pouvez pas en décider."


class AlreadyReady(Refusal):
    code = "combat.already_ready"
    en = "You are ready already."
    fr = "Vous êtes déjà prêt."


class BadSeed(Refusal):
    code = "combat.bad_seed"
    en = "A seed is at most 32 bytes, in hexadecimal."
    fr = "Une graine fait au plus 32 octets, en hexadécimal."


class NotPlaceable(Refusal):
    code = "combat.not_placeable"
    en = "You cannot stand there at the start."
    fr = "Vous ne pouvez pas vous placer là au départ."


class CellTaken(Refusal):
    code = "combat.cell_taken"
    en = "Somebody stands there."
    fr = "Quelqu'un se tient là."


class IllegalPath(Refusal):
    code = "combat.illegal_path"
    en = "You cannot walk this way."
    fr = "Ce chemin n'est pas praticable."


class NotEnoughMp(Refusal):
    code = "combat.not_enough_mp"
    en = "You have {left} movement points and need {needed}."
    fr = "Il vous reste {left} points de mouvement, il en faut {needed}."


class Gripped(Refusal):
    code = "combat.gripped"
    en = "An enemy holds you here: leaving costs {needed} movement points."
    fr = "Un ennemi vous retient : partir coûte {needed} points de mouvement."


class Rooted(Refusal):
    code = "combat.rooted"
    en = "You are rooted to the spot."
    fr = "Vous êtes enraciné sur place."


class Silenced(Refusal):
    code = "combat.silenced"
    en = "You are silenced: only basic skills work."
    fr = "Vous êtes réduit au silence : seules les compétences de base fonctionnent."


class UnknownSkill(Refusal):
    code = "combat.unknown_skill"
    en = "You do not know this skill."
    fr = "Vous ne connaissez pas cette compétence."


class NoneLeft(Refusal):
    code = "combat.none_left"
    en = "You have none left of what you brought."
    fr = "Il ne vous en reste aucun de ce que vous aviez apporté."


class NotEnoughAp(Refusal):
    code = "combat.not_enough_ap"
    en = "You have {left} action points and need {needed}."
    fr = "Il vous reste {left} points d'action, il en faut {needed}."


class NotEnoughHp(Refusal):
    code = "combat.not_enough_hp"
    en = "This would cost you your last hit points."
    fr = "Cela vous coûterait vos derniers points de vie."


class OnCooldown(Refusal):
    code = "combat.on_cooldown"
    en = "This skill is ready again in {turns} turns."
    fr = "Cette compétence sera prête dans {turns} tours."


class LimitReached(Refusal):
    code = "combat.limit_reached"
    en = "This skill cannot be used more often ({limit})."
    fr = "Cette compétence ne peut pas être utilisée davantage ({limit})."


class RequirementUnmet(Refusal):
    code = "combat.requirement_unmet"
    en = "The conditions of this skill are not met."
    fr = "Les conditions de cette compétence ne sont pas remplies."


class OffBoard(Refusal):
    code = "combat.off_board"
    en = "This cell is not on the board."
    fr = "Cette case n'est pas sur le plateau."


class OutOfRange(Refusal):
    code = "combat.out_of_range"
    en = "Out of range."
    fr = "Hors de portée."


class NotOnAxis(Refusal):
    code = "combat.not_on_axis"
    en = "This skill works in straight lines only."
    fr = "Cette compétence ne fonctionne qu'en ligne droite."


class NoLineOfSight(Refusal):
    code = "combat.no_line_of_sight"
    en = "Something blocks the line of sight."
    fr = "Quelque chose bloque la ligne de vue."


class WrongTarget(Refusal):
    code = "combat.wrong_target"
    en = "This skill cannot be aimed at that."
    fr = "Cette compétence ne peut pas viser cela."


class Taunted(Refusal):
    code = "combat.taunted"
    en = "You are taunted: this has to meet who taunts you."
    fr = "Vous êtes provoqué : cela doit atteindre qui vous provoque."


class TooEarly(Refusal):
    code = "combat.too_early"
    en = "A team can give up from round 2 on."
    fr = "Une équipe peut abandonner à partir de la manche 2."


class NoRoom(Refusal):
    code = "combat.no_room"
    en = "There is not enough room here for a battle."
    fr = "Il n'y a pas assez de place ici pour un combat."
