"""Refusals of the gateway itself, and the codes that it closes sockets with."""

from __future__ import annotations

from enum import IntEnum

from aether.kernel.errors import GameError


class Close(IntEnum):
    """Close codes; reconnecting helps after 1012 and 4408, a new ticket after 4401."""

    WRONG_FRAME_TYPE = 1003
    FLOOD = 1008
    TOO_LARGE = 1009
    DRAIN = 1012
    PROTOCOL = 4400
    NOT_AUTHENTICATED = 4401
    TOO_SLOW = 4408
    TAKEN_OVER = 4409
    UNSUPPORTED_VERSION = 4426


class HelloFirstError(GameError):
    code = "hello_first"
    http_status = 401
    en = "Say hello first, with a ticket."
    fr = "Dites d'abord bonjour, avec un ticket."


class SaidHelloError(GameError):
    code = "said_hello"
    en = "This socket has said hello already."
    fr = "Cette connexion a déjà dit bonjour."


class TicketRefusedError(GameError):
    code = "ticket_refused"
    http_status = 401
    en = "This ticket is not valid (any more). Ask for another one."
    fr = "Ce ticket n'est pas ou plus valable. Demandez-en un autre."


class SessionGoneError(GameError):
    code = "session_gone"
    http_status = 401
    en = "This session is over. Ask for a ticket and begin anew."
    fr = "Cette session est terminée. Demandez un ticket et recommencez."


class VersionError(GameError):
    code = "unsupported_version"
    en = "This server speaks version 1 of the protocol. Update your client."
    fr = "Ce serveur parle la version 1 du protocole. Mettez votre client à jour."


class NoCharacterError(GameError):
    code = "no_character"
    en = "This socket plays no character. Ask for a ticket with one."
    fr = "Cette connexion ne joue aucun personnage. Demandez un ticket qui en porte un."


class TooManyStreamsError(GameError):
    code = "too_many_streams"
    en = "A socket may follow {limit} streams at most."
    fr = "Une connexion peut suivre {limit} flux au plus."


class TooManySocketsError(GameError):
    code = "too_many_sockets"
    en = "An account may open {limit} sockets at most."
    fr = "Un compte peut ouvrir {limit} connexions au plus."


CLOSING: dict[type[GameError], Close] = {
    TicketRefusedError: Close.NOT_AUTHENTICATED,
    SessionGoneError: Close.NOT_AUTHENTICATED,
    VersionError: Close.UNSUPPORTED_VERSION,
    TooManySocketsError: Close.FLOOD,
}
"""After these refusals the socket is closed."""
