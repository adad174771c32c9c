"""One platform for all fault tests; each finds it whole, and leaves its seed in the report."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from random import Random

import pytest

from tests.faults.platform import Platform, running_platform
from tests.faults.services import missing_services


@pytest.fixture(scope="session")
def seed() -> int:
    """All chance of a run comes from here; SEED=… repeats it."""
    return int(os.environ.get("SEED") or secrets.randbelow(10**9))


@pytest.fixture
def random(seed: int, request: pytest.FixtureRequest) -> Random:
    print(f"SEED={seed}")
    return Random(f"{seed}:{request.node.name}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where nothing breaks comes first, while there is little to check; what is arranged anew comes last."""
    own = [at for at, item in enumerate(items) if "running" in _fixtures(item)]
    ordered = sorted((items[at] for at in own), key=lambda item: ("apart" in _fixtures(item), _breaks(item)))
    for at, item in zip(own, ordered, strict=True):
        items[at] = item


def _fixtures(item: pytest.Item) -> list[str]:
    return list(getattr(item, "fixturenames", ()))


def _breaks(item: pytest.Item) -> bool:
    return item.path.stem != "test_peace"


@pytest.fixture(scope="package")
def running(seed: int) -> Iterator[Platform]:
    missing = missing_services()
    if missing and os.environ.get("AETHER_REQUIRE") != "all":
        pytest.skip(f"{', '.join(missing)} is missing: nothing was broken on purpose")
    assert not missing, f"AETHER_REQUIRE=all asks for {', '.join(missing)}"
    with running_platform(seed) as platform:
        yield platform


@pytest.fixture
def platform(running: Platform, request: pytest.FixtureRequest) -> Iterator[Platform]:
    """The platform, well at the start of each test; when one fails, it says what every process has logged."""
    if "apart" in request.fixturenames:
        running.serve_combat_apart()
    else:
        running.serve_combat_here()
    before = request.session.testsfailed
    yield running
    if request.session.testsfailed > before:
        print(running.logs())


@pytest.fixture
def apart(platform: Platform) -> Platform:
    """The platform with combat in processes of its own."""
    return platform
