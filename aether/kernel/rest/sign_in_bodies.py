"""The bodies of the sign-in library's addresses, read as strictly as our own before it sees them."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from aether.kernel.errors import BadJsonError, GameError
from aether.kernel.rest.refusals import TooLargeError, refuse
from aether.protocol import codec

PREFIX = "/_allauth/"


class StrictSignInBodies:
    """Refuses what no sign-in should hold: half a character, a key given twice, a body without end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PREFIX):
            try:
                _check(request)
            except GameError as refusal:
                return refuse(refusal)
        return self._get_response(request)


def _check(request: HttpRequest) -> None:
    try:
        body = request.body
    except RequestDataTooBig:
        raise TooLargeError from None
    if body:
        try:
            codec.parse(body.decode())
        except UnicodeDecodeError:
            raise BadJsonError(problem="it is not UTF-8") from None
