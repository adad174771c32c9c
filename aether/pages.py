"""The pages of the web client, and what the browser gets where there is nothing.

The client is built once per language; every address under a language's folder is the client's own.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.vary import vary_on_headers

from aether.kernel.errors import BadRequestError, ForbiddenError, GameError, InternalError, NotFoundError
from aether.kernel.rest import refuse

MACHINE_PATHS = ("/api/", "/_allauth/", "/static/", "/ws/")


@vary_on_headers("Accept-Language", "Cookie")
def entrance(request: HttpRequest) -> HttpResponse:
    """Send the browser to the client in its language."""
    language = "fr" if (get_language() or "en").startswith("fr") else "en"
    return HttpResponseRedirect(f"/{language}/")


@never_cache
@ensure_csrf_cookie
def client(request: HttpRequest, language: str, **_path: str) -> HttpResponseBase:
    """Answer with the client, which finds out for itself what the address means."""
    page = settings.CLIENT_DIST / language / "index.html"
    try:
        return HttpResponse(page.read_bytes(), content_type="text/html; charset=utf-8")
    except FileNotFoundError:
        return TemplateResponse(request, "client_not_built.html", status=503)


def no_password_mail(request: HttpRequest, **_path: str) -> HttpResponse:
    """This house sends no mail, so nothing that needs one is open."""
    return refuse(NotFoundError())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    return _refused(request, BadRequestError(problem="it is malformed"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    return _refused(request, ForbiddenError())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    return _refused(request, NotFoundError())


def failed(request: HttpRequest) -> HttpResponseBase:
    """Answer for a bug; Django has logged it."""
    return _refused(request, InternalError(reference="-"))


def _refused(request: HttpRequest, refusal: GameError) -> HttpResponseBase:
    if request.path.startswith(MACHINE_PATHS):
        return refuse(refusal)
    message = refusal.message(get_language() or "en")
    return TemplateResponse(
        request, "refused.html", {"message": message}, status=refusal.http_status
    ).render()
