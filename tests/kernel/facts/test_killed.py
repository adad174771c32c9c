"""Killed with -9 at any moment, the next start finishes what was published, and nothing is done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from aether.kernel import facts
from aether.kernel.models import OutboxFact
from tests.kernel.facts.conftest import born, published

pytestmark = pytest.mark.django_db(transaction=True)

PROJECT = Path(__file__).parents[3]
SERVER = Path(__file__).with_name("doomed_server.py")


def database_url() -> str:
    """Return the address of the database of the tests, for other processes."""
    database = connection.settings_dict
    host = database["HOST"] or "localhost"
    query = f"?host={host}" if host.startswith("/") else ""
    address = "" if query else f"{host}:{database['PORT'] or 5432}"
    return f"postgresql://{database['USER']}:{database['PASSWORD']}@{address}/{database['NAME']}{query}"


def run_server(moment: str) -> int:
    environment = {**os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": str(PROJECT)}
    environment["DJANGO_SETTINGS_MODULE"] = "aether.settings.test"
    command = [sys.executable, str(SERVER), moment]
    return subprocess.run(command, env=environment, cwd=PROJECT, timeout=60, check=False).returncode


@pytest.mark.parametrize("moment", ["after_the_claim", "in_the_effect", "after_the_effect"])
def test_a_server_that_is_killed_loses_no_fact_and_repeats_no_effect(moment: str) -> None:
    published(born(character=7))

    assert run_server(moment) == -signal.SIGKILL
    assert run_server("never") == 0

    assert OutboxFact.objects.filter(type="zone.entered").count() == 1
    assert facts.backlog() == facts.Backlog(pending=0, parked=0)
