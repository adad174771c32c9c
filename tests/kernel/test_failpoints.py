"""Failpoints: read strictly, reached in order, and refused where people play."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from aether.kernel import failpoints
from aether.kernel.failpoints import Failpoint, FailpointError, Failpoints, parsed
from tests.settings.test_environment import run_check

PRODUCTION = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "localhost",
    "DATABASE_URL": "postgresql://nobody@localhost/none",
    "REDIS_URL": "redis://:secret@localhost",
    "BROKER_URL": "amqp://aether:secret@localhost//",
    "FAILPOINTS": "after_append=exit",
}


def test_the_variable_is_read() -> None:
    assert parsed("after_append=exit:3, before_tx=sleep(0.5),outbox_before_publish=raise") == {
        "after_append": Failpoint("exit", 0, 3),
        "before_tx": Failpoint("sleep", 0.5, 0),
        "outbox_before_publish": Failpoint("raise", 0, 1),
    }


@pytest.mark.parametrize(
    "text", ["nowhere=exit", "before_tx", "before_tx=jump", "before_tx=sleep", "=", "a=b:c"]
)
def test_nonsense_stops_the_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="FAILPOINTS does not understand"):
        parsed(text)


def test_only_the_arrival_that_is_named_acts() -> None:
    points = Failpoints(parsed("before_tx=raise:2"))
    points.reach("before_tx")
    points.reach("after_append")
    with pytest.raises(FailpointError):
        points.reach("before_tx")
    points.reach("before_tx")


DOOMED = """
from django.conf import settings
settings.configure(FAILPOINTS="before_tx=exit")
from aether.kernel import failpoints
failpoints.reach("before_tx")
"""


def test_exit_looks_like_a_kill() -> None:
    assert subprocess.run([sys.executable, "-c", DOOMED], check=False).returncode == failpoints.EXIT_CODE


def test_nothing_is_armed_by_default() -> None:
    assert not failpoints.is_armed


def test_production_refuses_failpoints() -> None:
    refused = run_check("services", **PRODUCTION)
    assert refused.returncode != 0
    assert "FAILPOINTS" in refused.stderr
    assert run_check("services", **PRODUCTION, ALLOW_FAILPOINTS="yes").returncode == 0


def test_a_stopped_process_stands_still_until_it_is_told_to_go_on() -> None:
    process = subprocess.Popen([sys.executable, "-c", DOOMED.replace("=exit", "=stop")])
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    process.send_signal(signal.SIGCONT)
    assert process.wait(30) == 0
