"""What logs look like: one line an event, with the request id and without secrets; JSON on real services.

Everything goes the same way, whether it was said to structlog or to the standard library.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from aether.kernel.tracing import add_request_id
from aether.settings import environment

FORMS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")
REMOVED = "[removed]"
SECRET_NAMES = frozenset(
    {"authorization", "cookie", "csrftoken", "password", "resume", "secret", "sessionid", "text", "ticket"}
    | {"token", "x-session-token"}
)
_SECRET_VALUE = re.compile(
    r"""(?i)\b(authorization|cookie|csrftoken|password|secret|sessionid|ticket|token|x-session-token)"""
    r"""(["']?\s*[:=]\s*)(?:b?["'][^"']*["']|bearer\s+\S+|[^\s"',;}&]+)"""
)
_CREDENTIALS = re.compile(r"(?<=://)[^\s/@]*:[^\s/@]*(?=@)")

Line = MutableMapping[str, Any]


def scrub(_logger: object, _method: str, line: Line) -> Line:
    """Remove what nobody may read in a log: tickets, passwords, cookies, what people say."""
    for name, value in line.items():
        line[name] = REMOVED if name.lower() in SECRET_NAMES else _scrubbed(value)
    return line


def _scrubbed(value: Any) -> Any:
    match value:
        case str():
            return _CREDENTIALS.sub(REMOVED, _SECRET_VALUE.sub(rf"\1\2{REMOVED}", value))
        case dict():
            return scrub(None, "", dict(value))
        case list() | tuple():
            return [_scrubbed(each) for each in value]
        case None | bool() | int() | float():
            return value
    return _scrubbed(repr(value))


class StandardError(logging.Handler):
    """Writes to whatever standard error is at the moment; a full disk or a closed pipe stops nothing."""

    def emit(self, record: logging.LogRecord) -> None:
        stream: TextIO = sys.stderr
        try:
            stream.write(self.format(record) + "\n")
            stream.flush()
        except (OSError, ValueError):
            return


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    add_request_id,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def configuration(*, form: str) -> dict[str, Any]:
    """Set structlog up, and return what Django's LOGGING needs. LOG_FORMAT may ask for another form."""
    level = environment.choice("LOG_LEVEL", "info", LEVELS)
    as_json = environment.choice("LOG_FORMAT", form, FORMS) == "json"
    structlog.configure(
        processors=[
            *SHARED,
            structlog.dev.set_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": structlog.stdlib.ProcessorFormatter, **_formatting(as_json)}},
        "handlers": {"stderr": {"class": f"{__name__}.StandardError", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            **{name: {"handlers": [], "propagate": True} for name in ("uvicorn", "uvicorn.access")},
            **{name: {"handlers": [], "level": "ERROR"} for name in ("django", "django.server")},
            **{name: {"level": "WARNING"} for name in CHATTERBOXES},
            "kombu": {"level": "ERROR"},
        },
    }


CHATTERBOXES = ("amqp", "asyncio", "celery", "httpcore", "httpx", "psycopg.pool", "websockets")
"""Libraries that tell much more than an operator wants to read, secrets among it."""


def _formatting(as_json: bool) -> dict[str, Any]:
    # The prettier tracebacks of the console print local variables: tickets, passwords, seeds of battles.
    clean = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        scrub,
    ]
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    return {"processors": [*clean, renderer], "foreign_pre_chain": SHARED}
