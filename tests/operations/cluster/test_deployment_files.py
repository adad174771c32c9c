"""The image and compose.yaml run the same roles, with the same commands, as the cluster on one machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from aether.operations.cluster.processes import GATEWAY_OPTIONS, REMOTE_APPS, Process, roles
from aether.settings.environment import PROJECT

DOCKER = PROJECT / "docker"
OWN = {"prepare", "postgres", "redis", "rabbitmq"}


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((DOCKER / "compose.yaml").read_text())["services"]
    return found


def processes() -> dict[str, Process]:
    found = roles(iter(range(9000, 9100)), scratch=Path("/tmp"))
    return {process.name: process for process in found}


def words(command: Any) -> list[str]:
    """A command without what depends on where it runs: the interpreter, ports and addresses."""
    text = " ".join(command)
    text = re.sub(r"^env (\S+=\S+ )+", "", text).replace(f"{sys.executable} -m ", "")
    text = text.replace(sys.executable, "python")
    return re.sub(r"--(host|port|forwarded-allow-ips) \S+ ?", "", text).split()


def test_compose_runs_the_roles_of_the_cluster() -> None:
    assert services().keys() - OWN - {"nginx"} == processes().keys()


@pytest.mark.parametrize("name", sorted(processes().keys() - {"gateway-1", "gateway-2"}))
def test_a_role_has_one_command_wherever_it_runs(name: str) -> None:
    assert words(services()[name]["command"]) == words(processes()[name].command)


def test_the_same_apps_are_remote_everywhere() -> None:
    assert {
        service["environment"].get("REMOTE_APPS") for service in services().values() if "build" in service
    } == {REMOTE_APPS}


def test_the_image_is_a_gateway_unless_told_otherwise() -> None:
    text = (DOCKER / "Dockerfile").read_text().replace("\\\n", "")
    command = json.loads(text[text.rindex("CMD ") + 4 :])
    assert tuple(command[6:]) == GATEWAY_OPTIONS
    assert "command" not in services()["gateway-1"]


def test_no_secret_stands_in_a_file() -> None:
    text = (DOCKER / "compose.yaml").read_text()
    assert set(re.findall(r"\$\{(\w*(?:KEY|PASSWORD|TOKEN))", text)) == {
        "SECRET_KEY",
        "POSTGRES_PASSWORD",
        "REDIS_PASSWORD",
        "RABBITMQ_PASSWORD",
        "METRICS_TOKEN",
    }
    example = (DOCKER / ".env.example").read_text()
    assert re.findall(r"^(\w*(?:KEY|PASSWORD|TOKEN))=(.+)$", example, re.MULTILINE) == []
    named = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert set(re.findall(r"\$\{(\w+):\?", text)) <= named, "what compose.yaml insists on is in .env.example"


def test_A14_the_services_profile_passes_the_deployment_check() -> None:  # noqa: N802
    variables = {
        "DJANGO_SETTINGS_MODULE": "aether.settings.services",
        "SECRET_KEY": "n0t-a-real-one-but-long-and-of-many-different-characters-XYZ",
        "ALLOWED_HOSTS": "play.example",
        "DATABASE_URL": "postgresql://aether:secret@db/aether",
        "REDIS_URL": "redis://:secret@redis/0",
        "BROKER_URL": "amqp://aether:secret@rabbit//",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=PROJECT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
