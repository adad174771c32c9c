"""What the economy may refuse, with a sentence per language."""

from __future__ import annotations

from aether.kernel.errors import GameError


class InsufficientError(GameError):
    """`asset` is a currency or an item; what is held is not told: it is not always the caller's."""

    code = "economy.insufficient"
    en = "There is not enough of it: {asset}."
    fr = "Il n'y en a pas assez : {asset}."


class CapacityError(GameError):
    code = "economy.full"
    en = "Nobody can hold that much: {asset}."
    fr = "Personne ne peut en porter autant : {asset}."


class NotHeldError(GameError):
    code = "economy.not_held"
    http_status = 404
    en = "This item is not in your bag."
    fr = "Cet objet n'est pas dans votre sac."


class NotWornError(GameError):
    code = "economy.not_worn"
    en = "Nothing is worn there."
    fr = "Rien n'est porté à cet endroit."


class NotWearableError(GameError):
    code = "economy.not_wearable"
    en = "This item cannot be worn."
    fr = "Cet objet ne se porte pas."


class LevelTooLowError(GameError):
    code = "economy.level_too_low"
    en = "This takes level {level}."
    fr = "Il faut être de niveau {level}."


class WrongClassError(GameError):
    code = "economy.wrong_class"
    en = "Your class cannot wear this."
    fr = "Votre classe ne peut pas porter cet objet."


class NotTradedError(GameError):
    code = "economy.not_traded"
    en = "The shop does not deal in this."
    fr = "La boutique ne fait pas commerce de cet objet."


class PriceChangedError(GameError):
    code = "economy.price_changed"
    en = "The price is now {price}."
    fr = "Le prix est maintenant de {price}."


class BoundItemError(GameError):
    code = "economy.bound"
    en = "This item is bound to you."
    fr = "Cet objet est lié à vous."


class WornItemError(GameError):
    code = "economy.worn"
    en = "Take it off first."
    fr = "Retirez-le d'abord."


class ItemRetiredError(GameError):
    """The item exists, its definition does not any more."""

    code = "economy.retired"
    en = "This item is no longer part of the world."
    fr = "Cet objet ne fait plus partie du monde."


class WrongScopeError(GameError):
    code = "economy.wrong_scope"
    en = "The scope is wrong: {problem}."
    fr = "La portée est incorrecte : {problem}."


class ScopeTooWideError(GameError):
    code = "economy.scope_too_wide"
    en = "Name characters, entries, assets or causes: a time alone is everybody's."
    fr = "Nommez des personnages, des écritures, des biens ou des causes : un temps seul est à tous."


class ScopeTooLargeError(GameError):
    code = "economy.scope_too_large"
    en = "This is more than {most} lines: narrow the scope."
    fr = "Cela fait plus de {most} lignes : réduisez la portée."


class CaseStateError(GameError):
    code = "economy.case_state"
    http_status = 409
    en = "The case is not in a state for this."
    fr = "L'état du dossier ne le permet pas."


class CaseStaleError(GameError):
    code = "economy.case_stale"
    http_status = 409
    en = "Something has changed since the dry run: make a new one."
    fr = "Quelque chose a changé depuis la simulation : refaites-la."


class AlreadyUndoneError(GameError):
    code = "economy.already_undone"
    http_status = 409
    en = "This case has been undone already."
    fr = "Ce dossier a déjà été annulé."


class NoDebtError(GameError):
    code = "economy.no_debt"
    http_status = 404
    en = "Nothing is owed here."
    fr = "Il n'y a pas de dette ici."
