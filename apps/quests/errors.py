"""What quests may refuse, with a sentence per language."""

from __future__ import annotations

from aether.kernel.errors import GameError


class TooFarError(GameError):
    code = "quests.too_far"
    en = "Go nearer first."
    fr = "Approchez-vous d'abord."


class NotAvailableError(GameError):
    code = "quests.not_available"
    en = "This quest is not open to you now."
    fr = "Cette quête ne vous est pas ouverte maintenant."


class NotActiveError(GameError):
    code = "quests.not_active"
    en = "You are not on this quest."
    fr = "Vous ne suivez pas cette quête."


class StaleTalkError(GameError):
    """The talk has moved on, or is over: `quests.talk` starts it anew."""

    code = "quests.stale_talk"
    en = "The talk has moved on. Speak to them again."
    fr = "La conversation a avancé. Adressez-lui la parole à nouveau."


class NoSuchOptionError(GameError):
    code = "quests.no_such_option"
    en = "This cannot be answered now."
    fr = "Cette réponse n'est pas possible maintenant."
