"""What operators see of the sockets."""

from __future__ import annotations

from functools import cache

from prometheus_client import Counter, Gauge, Histogram

CONNECTIONS = Gauge("aether_sockets", "Open sockets that have said hello.", ["format"])
HANDSHAKES = Counter("aether_handshakes_total", "Handshakes by their result.", ["result"])
COMMANDS = Counter("aether_commands_total", "Commands by type and answer.", ["type", "code"])
LATENCY = Histogram(
    "aether_command_seconds",
    "Time from a frame to its reply, by type of command.",
    ["type"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
CLOSES = Counter("aether_closes_total", "Sockets that the server has closed, by code.", ["code"])
UPDATES_DROPPED = Counter("aether_updates_dropped_total", "Zone updates dropped for slow sockets.")


@cache
def commands(type_name: str, code: str) -> Counter:
    """Return the counter of a type and answer: looking it up takes as long as counting."""
    return COMMANDS.labels(type_name, code)


@cache
def latency(type_name: str) -> Histogram:
    """Return the histogram of a type."""
    return LATENCY.labels(type_name)
