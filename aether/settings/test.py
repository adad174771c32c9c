"""Settings of the tests: the embedded profile, or the real services that the environment names."""

from __future__ import annotations

import os

from aether.settings import environment

os.environ["DATA"] = environment.text("AETHER_TEST_DATA", str(environment.PROJECT / ".cache" / "test-data"))

from aether.settings.embedded import *  # noqa: F403
from aether.settings.embedded import DATABASES, REST_FRAMEWORK

DATABASES["default"]["TEST"] = {"NAME": environment.text("AETHER_TEST_DB", "test_aether")}
# Creating and dropping a database may take its time on a busy machine.
DATABASES["default"]["OPTIONS"]["options"] += " -c statement_timeout=60000"
YOUNG_OBJECTS = 0  # many servers live and die in one process here
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"account": None, "address": None}
WHITENOISE_AUTOREFRESH = True  # every test client would otherwise read all static files first
