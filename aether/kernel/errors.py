"""Refusals: what a client may be told, as types with stable codes.

A refusal is an answer, not a fault: nothing has changed. Anything else that is raised is a bug.
"""

from __future__ import annotations

from typing import ClassVar


class GameError(Exception):
    """A typed refusal. Subclasses give the `code` that programs branch on and a sentence per language.

    Sentences may name `details` in braces; details must be safe to show to the caller.
    """

    code: ClassVar[str] = "refused"
    http_status: ClassVar[int] = 400
    retry: ClassVar[bool] = False
    en: ClassVar[str] = "This is not possible now."
    fr: ClassVar[str] = "Ce n'est pas possible maintenant."

    def __init__(self, **details: object) -> None:
        super().__init__(self.code)
        self.details = details

    def message(self, language: str = "en") -> str:
        """Return the sentence for people, in English unless `language` is `fr`."""
        return (self.fr if language.startswith("fr") else self.en).format_map(_Shown(self.details))


class _Shown(dict[str, object]):
    """Details as sentences show them; one that is missing shows as its own name."""

    def __missing__(self, key: str) -> str:
        return key


class BadRequestError(GameError):
    code = "bad_request"
    en = "The request cannot be read: {problem}."
    fr = "La requête est illisible : {problem}."


class BadJsonError(GameError):
    code = "bad_json"
    en = "The frame is not valid: {problem}."
    fr = "Le message n'est pas valide : {problem}."


class UnknownTypeError(GameError):
    code = "unknown_type"
    en = "There is no command of this type."
    fr = "Aucune commande de ce type n'existe."


class UnknownFieldError(GameError):
    code = "unknown_field"
    en = "The command has a field that it should not have: {problem}."
    fr = "La commande contient un champ inattendu : {problem}."


class NotFoundError(GameError):
    """Also what a caller is told about things that exist but are not theirs to see."""

    code = "not_found"
    http_status = 404
    en = "There is nothing here by that name."
    fr = "Rien ne porte ce nom ici."


class ForbiddenError(GameError):
    code = "forbidden"
    http_status = 403
    en = "You may not do this."
    fr = "Vous n'en avez pas le droit."


class NotAuthenticatedError(GameError):
    code = "not_authenticated"
    http_status = 401
    en = "Sign in first."
    fr = "Connectez-vous d'abord."


class StaleError(GameError):
    """The command was meant for an earlier state; `details` holds what was missed where the stream tells."""

    code = "stale"
    en = "Something happened in the meantime. Look again, then decide."
    fr = "Il s'est passé quelque chose entre-temps. Regardez, puis décidez."


class IdReusedError(GameError):
    code = "id_reused"
    en = "This command id was used for something else."
    fr = "Cet identifiant de commande a déjà servi à autre chose."


class RateLimitedError(GameError):
    code = "rate_limited"
    http_status = 429
    retry = True
    en = "Too fast. Try again in a moment."
    fr = "Trop rapide. Réessayez dans un instant."


class UnavailableError(GameError):
    """The platform cannot do it right now; the same id may safely be sent again."""

    code = "unavailable"
    http_status = 503
    retry = True
    en = "This part of the game does not answer right now. Try again."
    fr = "Cette partie du jeu ne répond pas pour l'instant. Réessayez."


class InternalError(GameError):
    """What the caller is told about a bug; the log has the rest under the same reference."""

    code = "internal"
    http_status = 500
    retry = True
    en = "Something went wrong on our side. Reference: {reference}."
    fr = "Une erreur est survenue de notre côté. Référence : {reference}."
