"""Bodies of requests: JSON, of a bounded size, read strictly into a type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, TypeVar

import msgspec
from django.conf import settings
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from aether.kernel.errors import BadJsonError, BadRequestError, UnknownFieldError
from aether.kernel.rest.refusals import TooLargeError
from aether.protocol import codec

S = TypeVar("S", bound=msgspec.Struct)


class JsonBodyParser(BaseParser):
    """Reads a JSON object as strictly as a frame of the socket is read."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLargeError(limit=limit)
        try:
            return codec.parse(body.decode())
        except UnicodeDecodeError:
            raise BadJsonError(problem="it is not UTF-8") from None


def read_body(request: Request, shape: type[S]) -> S:
    """Return the request's body as a type; a field that it does not have is refused."""
    try:
        return msgspec.convert(request.data, shape, strict=True)
    except msgspec.ValidationError as error:
        if "unknown field" in str(error):
            raise UnknownFieldError(problem=str(error)) from None
        raise BadRequestError(problem=str(error)) from None
