"""A wrong setting stops the start with one clear sentence."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from aether.settings import environment


@pytest.mark.parametrize(
    "url",
    ["mysql://localhost/aether", "postgresql://localhost", "postgresql://localhost:port/aether", "nonsense"],
)
def test_a_wrong_database_address_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        environment.database(url)


def test_a_database_address_is_taken_apart() -> None:
    settings = environment.database("postgresql://anna:p%40ss@db.example:5433/aether")
    assert (settings["USER"], settings["PASSWORD"]) == ("anna", "p@ss")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", "5433", "aether")


def test_a_socket_folder_may_be_the_host() -> None:
    settings = environment.database("postgresql://postgres:@/postgres?host=/run/postgresql")
    assert settings["HOST"] == "/run/postgresql"


@pytest.mark.parametrize("value", ["ten", "1.5", "٣", "1_000"])
def test_a_number_must_be_a_number(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("COMMAND_BURST", value)
    with pytest.raises(ImproperlyConfigured, match="COMMAND_BURST must be a whole number"):
        environment.integer("COMMAND_BURST", 20)


def test_a_flag_must_be_yes_or_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEHIND_TLS", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="BEHIND_TLS must be yes or no"):
        environment.flag("BEHIND_TLS", True)


def run_check(profile: str, **variables: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": f"aether.settings.{profile}", **variables}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(
        command,
        cwd=environment.PROJECT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_wrong_address_stops_the_start_without_a_traceback() -> None:
    done = run_check("embedded", DATABASE_URL="mysql://localhost/x")
    assert done.returncode != 0
    assert done.stderr.startswith("aether: DATABASE_URL must look like")
    assert "Traceback" not in done.stderr


SERVICES = {
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "play.example",
    "DATABASE_URL": "postgresql://aether:secret@db/aether",
    "REDIS_URL": "redis://:secret@redis/0",
    "BROKER_URL": "amqp://aether:secret@rabbit//",
}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set"),
        ("SECRET_KEY", "short", "at least 50 characters"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is not set"),
        ("REDIS_URL", "redis://redis/0", "REDIS_URL has no password"),
        ("BROKER_URL", "amqp://guest:guest@rabbit//", "guest account"),
    ],
)
def test_A14_weak_settings_refuse_to_start_in_production(name: str, value: str, said: str) -> None:  # noqa: N802
    done = run_check("services", **{**SERVICES, name: value})
    assert done.returncode != 0
    assert said in done.stderr


def test_keys_of_before_come_from_the_environment() -> None:
    said = "from django.conf import settings; print(settings.SECRET_KEY_FALLBACKS)"
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "aether.settings.services", **SERVICES}
    done = subprocess.run(
        [sys.executable, "-c", said],
        cwd=environment.PROJECT,
        env={**variables, "SECRET_KEY_FALLBACKS": "one, two"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "['one', 'two']"


def test_a_shard_apart_needs_a_name_and_the_key_of_the_realm(monkeypatch: pytest.MonkeyPatch) -> None:
    own, realm = "postgresql://localhost/far", "postgresql://localhost/near"
    monkeypatch.delenv("SHARD", raising=False)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("REALM_DATABASE_URL", own)
    assert list(environment.databases(own)) == ["default"]
    monkeypatch.setenv("REALM_DATABASE_URL", realm)
    with pytest.raises(ImproperlyConfigured, match="needs SECRET_KEY"):
        environment.databases(own)
    monkeypatch.setenv("SECRET_KEY", "k" * 60)
    with pytest.raises(ImproperlyConfigured, match="needs SHARD"):
        environment.databases(own)
    monkeypatch.setenv("SHARD", "second")
    assert environment.databases(own)["realm"]["NAME"] == "near"


@pytest.mark.parametrize("name", ["Second", "se cond", "2nd", "x" * 33, "a-b", "é"])
def test_the_name_of_a_shard_is_plain(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("SHARD", name)
    with pytest.raises(ImproperlyConfigured, match="SHARD must be"):
        environment.shard()
