"""The health port of roles that serve no HTTP: alive, ready and why not, and metrics for operators only."""

from __future__ import annotations

import json
import socket
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from aether.kernel import health
from aether.kernel.health import pulses
from tests.ports import free_port


def get(port: int, path: str, **headers: str) -> tuple[int, str]:
    request = Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_a_process_says_that_it_is_well() -> None:
    port = free_port()
    with health.serving(port, alive={"loop": lambda: True}, ready={"loop": lambda: True}):
        assert get(port, "/healthz") == (200, '{"loop": "ok"}')
        assert get(port, "/readyz") == (200, '{"loop": "ok"}')


def test_a_process_that_lacks_something_says_what() -> None:
    port = free_port()
    needs: health.Checks = {"redis": lambda: True, "broker": lambda: False}
    with health.serving(port, alive={"loop": lambda: True}, ready=needs):
        status, body = get(port, "/readyz")
        assert (status, json.loads(body)) == (503, {"redis": "ok", "broker": "down"})
        assert get(port, "/healthz")[0] == 200


@pytest.mark.django_db(transaction=True)
def test_the_real_checks_are_well_here() -> None:
    port = free_port()
    needs: health.Checks = {
        "database": health.is_database_up,
        "redis": health.is_redis_up,
        "broker": health.is_broker_up,
        "content": health.is_content_loaded,
    }
    with health.serving(port, alive={}, ready=needs):
        status, body = get(port, "/readyz")
    assert status == 200, body


def test_a_loop_that_stands_still_is_first_not_ready_then_not_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    pulse = health.Pulse()
    assert (pulse.is_fresh(), pulse.is_alive()) == (False, True)
    pulse.beat()
    assert pulse.is_fresh()
    began = time.monotonic()
    monkeypatch.setattr(pulses.time, "monotonic", lambda: began + pulses.FRESH_S + 1)
    assert (pulse.is_fresh(), pulse.is_alive()) == (False, True)
    monkeypatch.setattr(pulses.time, "monotonic", lambda: began + pulses.ALIVE_S + 1)
    assert not pulse.is_alive()
    pulse.beat()
    assert pulse.is_fresh()


@pytest.mark.django_db(transaction=True)
def test_metrics_are_for_private_peers_that_no_proxy_speaks_for() -> None:
    port = free_port()
    with health.serving(port, alive={}, ready={}):
        status, body = get(port, "/metrics")
        assert status == 200
        assert "python_info" in body
        assert get(port, "/metrics", **{"X-Forwarded-For": "127.0.0.1"})[0] == 404
        assert get(port, "/elsewhere")[0] == 404


@pytest.mark.parametrize("address", ["203.0.114.9", "2a00:1450::1", "", "testclient"])
def test_metrics_are_not_for_public_addresses(address: str) -> None:
    assert not health.may_read_metrics(address, "", [])


@pytest.mark.django_db(transaction=True)
def test_metrics_may_ask_for_a_token_instead(settings: Settings) -> None:
    settings.METRICS_TOKEN = "a-token-of-the-operators"
    port = free_port()
    with health.serving(port, alive={}, ready={}):
        assert get(port, "/metrics")[0] == 404
        assert get(port, "/metrics", Authorization="Bearer something-else")[0] == 404
        assert get(port, "/metrics", Authorization="Bearer a-token-of-the-operators")[0] == 200


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(ImproperlyConfigured, match=f"health port {port} on 127.0.0.1 cannot be used"),
            health.serving(port, alive={}, ready={}),
        ):
            pass
