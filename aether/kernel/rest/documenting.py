"""What the OpenAPI schema says of a view: the types of its body and answer, and each refusal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from drf_spectacular.utils import OpenApiResponse, extend_schema

from aether.kernel.errors import (
    BadJsonError,
    BadRequestError,
    GameError,
    NotAuthenticatedError,
    RateLimitedError,
    UnknownFieldError,
)
from aether.kernel.rest.refusals import (
    ForgedRequestError,
    NotAcceptableError,
    TooLargeError,
    UnsupportedMediaError,
)

V = TypeVar("V", bound=Callable[..., Any])

_ALWAYS: tuple[type[GameError], ...] = (NotAcceptableError, RateLimitedError)
_WITH_BODY: tuple[type[GameError], ...] = (
    BadJsonError,
    BadRequestError,
    UnknownFieldError,
    ForgedRequestError,
    TooLargeError,
    UnsupportedMediaError,
)


def documented(
    *,
    reply: type[msgspec.Struct],
    body: type[msgspec.Struct] | None = None,
    status: int = 200,
    errors: Sequence[type[GameError]] = (),
    is_public: bool = False,
    method: str | None = None,
) -> Callable[[V], V]:
    """Describe a view. What every view may refuse is added to `errors`."""
    refusals = [
        *errors,
        *_ALWAYS,
        *(_WITH_BODY if body else ()),
        *(() if is_public else (NotAuthenticatedError,)),
    ]
    options: dict[str, Any] = {
        "request": {"application/json": schema_of(body)} if body else None,
        "responses": {(status, "application/json"): schema_of(reply), **_documented_refusals(refusals)},
    }
    if is_public:
        options["auth"] = []
    if method:
        options["methods"] = [method]
    decorate: Callable[[V], V] = extend_schema(**options)
    return decorate


def schema_of(shape: type[msgspec.Struct]) -> dict[str, Any]:
    """Return a type's JSON Schema in one piece."""
    schema = msgspec.json.schema(shape)
    inlined: dict[str, Any] = _inline(
        {k: v for k, v in schema.items() if k != "$defs"}, schema.get("$defs", {})
    )
    return inlined


def _inline(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inline(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inline(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: _inline(value, definitions) for key, value in schema.items()}


def _documented_refusals(errors: Sequence[type[GameError]]) -> dict[tuple[int, str], Any]:
    by_status: dict[int, list[type[GameError]]] = defaultdict(list)
    for error in errors:
        by_status[error.http_status].append(error)
    return {
        (status, "application/json"): OpenApiResponse(
            response=_refusal_schema(sorted({error.code for error in kinds})),
            description=" · ".join(error.en for error in kinds),
        )
        for status, kinds in sorted(by_status.items())
    }


def _refusal_schema(codes: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["code", "message", "details"],
        "properties": {
            "code": {"type": "string", "enum": codes},
            "message": {"type": "string"},
            "details": {"type": "object"},
        },
    }
