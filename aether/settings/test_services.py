"""Settings of the tests on real services (`TEST_DATABASE_URL`, `TEST_REDIS_URL`, `TEST_BROKER_URL`).

Each worker of a run has a database of its own in PostgreSQL, in Redis, and a virtual host in RabbitMQ.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from aether.settings import environment, for_tests

WORKER = int(environment.text("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
REDIS_DATABASES = 16


def _redis_url(given: str) -> str:
    parts = urlsplit(given)
    number = (int(parts.path.strip("/") or 0) + WORKER) % REDIS_DATABASES
    return parts._replace(path=f"/{number}").geturl()


os.environ["TEST_REDIS_URL"] = _redis_url(environment.text("TEST_REDIS_URL", "redis://127.0.0.1:6379/9"))
_broker = urlsplit(environment.text("TEST_BROKER_URL", "amqp://guest:guest@127.0.0.1:5672//"))
os.environ |= {
    "ALLOW_WEAK_CREDENTIALS": "yes",
    "ALLOWED_HOSTS": ",".join(for_tests.ALLOWED_HOSTS),
    "BEHIND_TLS": "no",
    "BROKER_URL": _broker._replace(path=f"/aether-test-{WORKER}").geturl(),
    "DATABASE_URL": environment.text("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres"),
    "REDIS_URL": os.environ["TEST_REDIS_URL"],
    "SECRET_KEY": "only-for-tests-" * 5,
    "STAFF_MUST_USE_TOTP": "no",
}

from aether.settings.services import *  # noqa: E402, F403

from aether.settings.for_tests import *  # isort: skip  # noqa: E402, F403 - what they change comes last

DATABASES["default"] = for_tests.database(DATABASES["default"])
# A worker in a process of its own, perhaps just started, may hold a row that a test wants.
DATABASES["default"]["OPTIONS"]["options"] += " -c lock_timeout=20000"
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = for_tests.NO_THROTTLE

REMOTE_IN_TESTS = ["combat", "world"]
"""While a test has a server, these apps are remote, and served beside it."""
