"""What gathering, making, using and throwing dice may refuse, with a sentence per language."""

from __future__ import annotations

from aether.kernel.errors import GameError


class SkillTooLowError(GameError):
    """`profession` and `level` are what it takes."""

    code = "economy.skill_too_low"
    en = "This takes level {level} in the profession."
    fr = "Il faut être de niveau {level} dans le métier."


class MissingToolError(GameError):
    code = "economy.missing_tool"
    en = "You need a tool for this: {item}."
    fr = "Il vous faut un outil : {item}."


class NotAtStationError(GameError):
    code = "economy.not_at_station"
    en = "You do not stand next to the place for this: {station}."
    fr = "Vous n'êtes pas à côté de l'endroit qu'il faut : {station}."


class RecipeLockedError(GameError):
    code = "economy.recipe_locked"
    en = "You do not know how to make this yet."
    fr = "Vous ne savez pas encore fabriquer ceci."


class RecipeKnownError(GameError):
    code = "economy.recipe_known"
    http_status = 409
    en = "You know how to make this already."
    fr = "Vous savez déjà fabriquer ceci."


class PiecesNeededError(GameError):
    """`item` is equipment that this is made of: each piece has to be named."""

    code = "economy.pieces_needed"
    en = "Choose what goes into this: {needed} × {item}."
    fr = "Choisissez ce qu'il faut y mettre : {needed} × {item}."


class NotAnIngredientError(GameError):
    code = "economy.not_an_ingredient"
    en = "This is not made of that: {item}."
    fr = "Cela n'entre pas dans cette recette : {item}."


class OneAtATimeError(GameError):
    code = "economy.one_at_a_time"
    en = "What is made of chosen pieces is made one at a time."
    fr = "Ce qui se fait d'objets choisis se fabrique un par un."


class BusyCraftingError(GameError):
    code = "economy.busy_crafting"
    en = "You are making something already."
    fr = "Vous fabriquez déjà quelque chose."


class CraftEndedError(GameError):
    code = "economy.craft_ended"
    en = "There is nothing to cancel: it is done."
    fr = "Il n'y a rien à annuler : c'est terminé."


class NotUsableError(GameError):
    code = "economy.not_usable"
    en = "This cannot be used."
    fr = "Cet objet ne s'utilise pas."


class AlreadyPreparedError(GameError):
    code = "economy.already_prepared"
    en = "You have already taken one for your next battle."
    fr = "Vous en avez déjà pris pour votre prochain combat."


class BrokenItemError(GameError):
    code = "economy.broken"
    en = "This is broken: have it repaired first."
    fr = "C'est cassé : faites-le réparer d'abord."


class NothingToRepairError(GameError):
    code = "economy.nothing_to_repair"
    en = "There is nothing to repair."
    fr = "Il n'y a rien à réparer."


class DiceInUseError(GameError):
    code = "economy.dice_in_use"
    en = "This pair of seeds is in use or has ended: nobody can add to it any more. Share in the next one."
    fr = "Cette paire de graines sert déjà ou a servi : on n'y ajoute plus rien. Participez à la suivante."


class DiceUnusedError(GameError):
    code = "economy.dice_unused"
    en = "Nothing has been thrown since the last pair of seeds was shown."
    fr = "Rien n'a été jeté depuis que la dernière paire de graines a été montrée."
