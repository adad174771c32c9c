"""One shape for every refusal over HTTP: `{"code", "message", "details"}`, in the caller's language."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from rest_framework import exceptions
from rest_framework.response import Response

from aether.kernel.errors import (
    BadRequestError,
    ForbiddenError,
    GameError,
    InternalError,
    NotAuthenticatedError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
)

logger = logging.getLogger(__name__)


class MethodNotAllowedError(GameError):
    code = "method_not_allowed"
    http_status = 405
    en = "This address does not answer to that method."
    fr = "Cette adresse ne répond pas à cette méthode."


class UnsupportedMediaError(GameError):
    code = "unsupported_media_type"
    http_status = 415
    en = "Send JSON, as application/json."
    fr = "Envoyez du JSON, en application/json."


class NotAcceptableError(GameError):
    code = "not_acceptable"
    http_status = 406
    en = "The answer comes as application/json only."
    fr = "La réponse n'existe qu'en application/json."


class TooLargeError(GameError):
    code = "too_large"
    http_status = 413
    en = "The body is too large."
    fr = "Le corps est trop grand."


class ForgedRequestError(GameError):
    code = "csrf_failed"
    http_status = 403
    en = "The request does not prove that it comes from our own pages. Reload the page and try again."
    fr = "Rien ne prouve que la requête vienne de nos pages. Rechargez la page et réessayez."


def refusal_response(error: Exception, context: dict[str, Any]) -> Response:
    """Answer what a view raised (Django REST framework's exception handler)."""
    refusal = _refusal_of(error)
    if refusal is None:
        reference = secrets.token_hex(6)
        logger.error("REST view failed, reference %s", reference, exc_info=error)
        refusal = InternalError(reference=reference)
    response = Response(body_of(refusal), status=refusal.http_status)
    if isinstance(error, exceptions.Throttled):
        response["Retry-After"] = str(_wait_s(error))
    if isinstance(refusal, NotAuthenticatedError):
        response["WWW-Authenticate"] = "Session"
    return response


def refuse(refusal: GameError) -> HttpResponse:
    """Answer a refusal outside the REST framework."""
    return JsonResponse(body_of(refusal), status=refusal.http_status)


def refuse_forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a request without a valid CSRF token (Django's CSRF_FAILURE_VIEW)."""
    return refuse(ForgedRequestError())


def body_of(refusal: GameError) -> dict[str, object]:
    """Return a refusal as the body of an answer."""
    return {
        "code": refusal.code,
        "message": refusal.message(get_language() or "en"),
        "details": refusal.details,
    }


def _refusal_of(error: Exception) -> GameError | None:
    match error:
        case GameError():
            return error
        case OperationalError() | InterfaceError():
            return UnavailableError()
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return NotAuthenticatedError()
        case exceptions.Throttled():
            return RateLimitedError(retry_after_ms=_wait_s(error) * 1000)
        case exceptions.PermissionDenied() if "CSRF" in str(error.detail):
            return ForgedRequestError()
        case exceptions.PermissionDenied() | PermissionDenied():
            return ForbiddenError()
    return _http_refusal_of(error)


def _http_refusal_of(error: Exception) -> GameError | None:
    match error:
        case Http404() | exceptions.NotFound():
            return NotFoundError()
        case exceptions.MethodNotAllowed():
            return MethodNotAllowedError()
        case exceptions.UnsupportedMediaType():
            return UnsupportedMediaError()
        case exceptions.NotAcceptable():
            return NotAcceptableError()
        case RequestDataTooBig():
            return TooLargeError()
        case exceptions.APIException():
            return BadRequestError(problem=str(error.detail))
    return None


def _wait_s(error: exceptions.Throttled) -> int:
    wait: float | None = getattr(error, "wait", None)  # set by the framework, unknown to its types
    return int(wait or 0) + 1
