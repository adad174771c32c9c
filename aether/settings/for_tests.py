"""What the tests change in either profile."""

from __future__ import annotations

import os
from typing import Any

from aether.settings import environment

os.environ["EMBEDDED_REDIS"] = "inside"  # one for each worker, which tests may take away
os.environ["DATA"] = environment.text("AETHER_TEST_DATA", str(environment.PROJECT / ".cache" / "test-data"))

SPARE_THE_COLLECTOR = False  # many servers live and die in one process here
# A database is made and dropped here, by connections that nobody shares.
DATABASE_CONNECTIONS = environment.integer("DATABASE_CONNECTIONS", 0)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
WHITENOISE_AUTOREFRESH = True  # every test client would otherwise read all static files first
NO_THROTTLE = {"account": None, "address": None}


def database(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a database with its name in tests."""
    # Creating and dropping a database may take its time on a busy machine.
    options = settings["OPTIONS"]["options"] + " -c statement_timeout=60000"
    name = {"NAME": environment.text("AETHER_TEST_DB", "test_aether")}
    # So may connecting: what a database that does not answer comes to is tested with times of its own.
    patient = {"options": options, "connect_timeout": 10}
    return settings | {"TEST": name, "OPTIONS": settings["OPTIONS"] | patient}
