"""What nginx does in front of the gateways, with the files that are deployed."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from aether.operations.cluster import edge
from aether.operations.cluster.processes import ClusterError
from tests.operations.cluster.conftest import Edge, Gateway

BODY_MAX = 256 * 1024
PATHS = ["/api/v1/characters", "/ws/"]


def echo(edge_: Edge, path: str = "/api/v1/characters", **headers: str) -> dict[str, Any]:
    status, told = edge_.ask(path, **headers)
    assert status == 200
    assert isinstance(told, dict)
    return told


def test_both_gateways_are_used(before_gateways: Edge) -> None:
    assert {echo(before_gateways)["gateway"] for _ in range(8)} == {"one", "other"}


@pytest.mark.parametrize("path", PATHS)
def test_the_host_that_people_typed_arrives(before_gateways: Edge, path: str) -> None:
    assert echo(before_gateways, path, Host="play.example:8443")["host"] == "play.example:8443"


@pytest.mark.parametrize("path", PATHS)
def test_P20_an_address_that_the_client_claims_counts_for_nothing(  # noqa: N802
    before_gateways: Edge, path: str
) -> None:
    told = echo(
        before_gateways,
        path,
        X_Forwarded_For="203.0.113.9",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="evil.example",
        Forwarded="for=203.0.113.9",
    )
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "http"
    assert "x-forwarded-host" not in told
    assert "forwarded" not in told


@pytest.mark.parametrize("hops", [["127.0.0.1"]])
def test_a_trusted_hop_says_who_speaks_and_how(before_gateways: Edge) -> None:
    told = echo(before_gateways, X_Forwarded_For="198.51.100.1, 203.0.113.9", X_Forwarded_Proto="https")
    assert told["x-forwarded-for"] == "203.0.113.9", "what stands before the hop's own word is the client's"
    assert told["x-forwarded-proto"] == "https"
    assert echo(before_gateways)["x-forwarded-proto"] == "http"


def test_only_sockets_are_upgraded(before_gateways: Edge) -> None:
    told = echo(before_gateways, Upgrade="websocket", Connection="Upgrade")
    assert "upgrade" not in told
    assert "connection" not in told


def test_another_gateway_is_asked_when_one_hangs_up(before_gateways: Edge) -> None:
    before_gateways.gateways[0].hangs_up = True
    assert {echo(before_gateways)["gateway"] for _ in range(6)} == {"other"}
    assert before_gateways.gateways[0].asked, "it was never tried"


def test_what_may_have_been_done_is_never_sent_twice(before_gateways: Edge) -> None:
    for gateway in before_gateways.gateways:
        gateway.hangs_up = True
    status, told = before_gateways.ask("/api/v1/characters", "POST", b"{}")
    assert status == 503
    assert isinstance(told, dict)
    assert told["code"] == "unavailable"
    assert sum(gateway.asked for gateway in before_gateways.gateways) == 1


def test_a_refusal_of_a_gateway_is_passed_on_as_it_is(before_gateways: Edge) -> None:
    for gateway in before_gateways.gateways:
        gateway.status = 503
    status, told = before_gateways.ask("/api/v1/characters")
    assert status == 503
    assert isinstance(told, dict)
    assert told["gateway"] in {"one", "other"}


def test_a_socket_goes_to_a_gateway_that_does_not_drain(before_gateways: Edge) -> None:
    before_gateways.gateways[0].status = 503
    with ExitStack() as stack:
        assert {before_gateways.open_socket(stack) for _ in range(4)} == {"other"}


def test_a_gateway_that_is_back_is_given_sockets_at_once(before_gateways: Edge) -> None:
    one, other = before_gateways.gateways
    with ExitStack() as stack:
        one.stop()
        assert {before_gateways.open_socket(stack) for _ in range(6)} == {"other"}
        before_gateways.gateways[0] = Gateway("one, back", one.port)
        other.status = 503
        assert [before_gateways.open_socket(stack) for _ in range(6)] == ["one, back"] * 6


def test_no_gateway_at_all_is_a_typed_refusal(before_gateways: Edge) -> None:
    for gateway in before_gateways.gateways:
        gateway.stop()
    status, told = before_gateways.ask("/api/v1/classes")
    assert status == 503
    assert isinstance(told, dict)
    assert told["code"] == "unavailable"


def test_H02_a_body_over_the_limit_is_refused_before_any_gateway(before_gateways: Edge) -> None:  # noqa: N802
    assert before_gateways.ask("/api/v1/characters", "POST", b"x" * BODY_MAX)[0] == 200
    status, told = before_gateways.ask("/api/v1/characters", "POST", b"x" * (BODY_MAX + 1))
    assert status == 413
    assert isinstance(told, dict)
    assert told["code"] == "too_large"
    assert sum(gateway.asked for gateway in before_gateways.gateways) == 1


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_one_process_tells_its_operator_stays_inside(before_gateways: Edge, path: str) -> None:
    assert before_gateways.ask(path)[0] == 404


def test_nginx_says_that_it_is_well(before_gateways: Edge) -> None:
    assert before_gateways.ask("/nginx-health") == (200, "ok\n")


def test_a_broken_configuration_is_one_sentence(nginx_needed: None, tmp_path: Path) -> None:
    edge.write(tmp_path, host="127.0.0.1", fronts=[edge.Front("first", 0, [])], hops=[])
    with pytest.raises(ClusterError, match="nginx does not take its configuration"):
        edge.check(edge.command(tmp_path))
