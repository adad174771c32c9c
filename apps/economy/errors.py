"""What the economy may refuse, with a sentence per language."""

from __future__ import annotations

from aether.kernel.errors import GameError


class InsufficientError(GameError):
    """`asset` is a currency or an item. `needed` and `missing` are told where it is the caller's own."""

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


class HoldResolvedError(GameError):
    """It was posted, voided or has expired: a hold is resolved exactly once."""

    code = "economy.hold_resolved"
    en = "This has been decided already."
    fr = "C'est déjà décidé."


class HoldExceededError(GameError):
    code = "economy.hold_exceeded"
    en = "This is more than was set aside."
    fr = "C'est plus que ce qui a été mis de côté."


class SwitchedOffError(GameError):
    """Staff have stopped a part of the economy (`feature`): nothing of it happens until they let it go on."""

    code = "economy.switched_off"
    http_status = 503
    en = "The game masters have closed this for the moment."
    fr = "Les maîtres du jeu ont fermé ceci pour le moment."


class FrozenError(GameError):
    """Staff have frozen what the character deals in: nothing of value leaves its hands until they let it."""

    code = "economy.frozen"
    http_status = 403
    en = "The game masters have frozen your dealings for the moment."
    fr = "Les maîtres du jeu ont gelé vos affaires pour le moment."


class FrozenPartnerError(GameError):
    """Somebody else may not deal; why is not told."""

    code = "economy.partner_unavailable"
    en = "They cannot deal with anybody for the moment."
    fr = "Cette personne ne peut traiter avec personne pour le moment."


class GrantTooLargeError(GameError):
    """`most` is what staff may give of it at once."""

    code = "economy.grant_too_large"
    en = "From 1 to {most} of it at once."
    fr = "De 1 à {most} à la fois."


class DuplicateGoodsError(GameError):
    code = "economy.named_twice"
    en = "The same thing is named twice."
    fr = "La même chose est nommée deux fois."


class TooMuchGoodsError(GameError):
    code = "economy.too_much"
    en = "No more than {most} things at once."
    fr = "Pas plus de {most} choses à la fois."


class OwnCharacterError(GameError):
    """Not with oneself, nor with another character of one's own account."""

    code = "economy.own_character"
    en = "This takes somebody else."
    fr = "Il faut quelqu'un d'autre."


class NoRecipientError(GameError):
    code = "economy.no_recipient"
    http_status = 404
    en = "Nobody bears that name."
    fr = "Personne ne porte ce nom."


class TextRefusedError(GameError):
    code = "economy.text"
    en = "This text cannot be sent."
    fr = "Ce texte ne peut pas être envoyé."


class VoicelessError(GameError):
    """A muted account writes no letters either; `until` is when that ends, null where it does not."""

    code = "economy.muted"
    http_status = 403
    en = "You may not write to others for the moment."
    fr = "Vous ne pouvez pas écrire aux autres pour le moment."


class MailboxFullError(GameError):
    """Full, or of somebody who has blocked the sender: which of the two is not told."""

    code = "economy.mailbox_full"
    en = "Their mailbox takes no more letters for now."
    fr = "Sa boîte aux lettres ne prend plus de lettres pour l'instant."


class NothingForCodError(GameError):
    code = "economy.cod_for_nothing"
    en = "Attach what is to be paid for."
    fr = "Joignez ce qui est à payer."


class NoLetterError(GameError):
    code = "economy.no_letter"
    http_status = 404
    en = "This letter is no longer here."
    fr = "Cette lettre n'est plus là."


class NothingAttachedError(GameError):
    code = "economy.nothing_attached"
    en = "This has been taken already."
    fr = "C'est déjà pris."


class CodChangedError(GameError):
    code = "economy.cod_changed"
    en = "This letter asks for {cod}."
    fr = "Cette lettre demande {cod}."


class StillAttachedError(GameError):
    code = "economy.still_attached"
    en = "Take what is attached first."
    fr = "Prenez d'abord ce qui est joint."


class NotTogetherError(GameError):
    code = "economy.not_together"
    en = "You are not in the same place."
    fr = "Vous n'êtes pas au même endroit."


class TradingAlreadyError(GameError):
    code = "economy.trading_already"
    en = "End the trade that you are in first."
    fr = "Terminez d'abord l'échange en cours."


class NoTradeError(GameError):
    code = "economy.no_trade"
    http_status = 404
    en = "This trade is over."
    fr = "Cet échange est terminé."


class TradeChangedError(GameError):
    code = "economy.trade_changed"
    en = "The offer has changed. Look again."
    fr = "L'offre a changé. Regardez encore."


class NotLockedError(GameError):
    code = "economy.trade_not_locked"
    en = "Both have to agree to this offer first."
    fr = "Les deux doivent d'abord s'accorder sur cette offre."


class TooSoonError(GameError):
    code = "economy.trade_too_soon"
    en = "Look at the offer for a moment first."
    fr = "Regardez d'abord l'offre un instant."


class EmptyTradeError(GameError):
    code = "economy.trade_empty"
    en = "Nobody offers anything."
    fr = "Personne n'offre rien."


class BookHaltedError(GameError):
    code = "economy.book_halted"
    en = "This cannot be ordered for the moment."
    fr = "Ceci ne peut pas être commandé pour le moment."


class MarketFullError(GameError):
    code = "economy.market_full"
    en = "You have {most} open ones already."
    fr = "Vous en avez déjà {most} d'ouverts."


class NoOrderError(GameError):
    code = "economy.no_order"
    http_status = 404
    en = "This order is no longer open."
    fr = "Cet ordre n'est plus ouvert."


class NoAuctionError(GameError):
    code = "economy.no_auction"
    http_status = 404
    en = "This auction is over."
    fr = "Cette enchère est terminée."


class BidTooLowError(GameError):
    code = "economy.bid_too_low"
    en = "The next bid is {least} at least."
    fr = "La prochaine offre est de {least} au moins."


class BuyoutTooLowError(GameError):
    code = "economy.buyout_too_low"
    en = "A buyout is no less than the first bid."
    fr = "Un achat immédiat n'est pas inférieur à la première offre."


class AuctionBidOnError(GameError):
    code = "economy.auction_bid_on"
    en = "Somebody has bid already."
    fr = "Quelqu'un a déjà fait une offre."


class OverweightError(GameError):
    """`most` is what the character can carry."""

    code = "economy.overweight"
    en = "You cannot carry that much."
    fr = "Vous ne pouvez pas en porter autant."


class PartnerOverweightError(GameError):
    """`name` is whose bag it is that would be too heavy: of oneself, or of whom one trades with."""

    code = "economy.trade_overweight"
    en = "{name} cannot carry that much."
    fr = "{name} ne peut pas en porter autant."


class NeededItemError(GameError):
    """It belongs to a quest: who threw it away could not end it."""

    code = "economy.needed"
    en = "You may need this for a quest."
    fr = "Cela peut servir à une quête."
