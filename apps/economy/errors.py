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
