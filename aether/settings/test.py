"""Settings of the tests: the embedded profile."""

from __future__ import annotations

from aether.settings import for_tests  # first: it says where the data folder is
from aether.settings.embedded import *  # noqa: F403
from aether.settings.for_tests import *  # noqa: F403

DATABASES["default"] = for_tests.database(DATABASES["default"])
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = for_tests.NO_THROTTLE
