"""What operators see of commands that other processes execute."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

SERVICES = Gauge("aether_services", "Processes that serve an app, as this one has heard.", ["app"])
CALLS = Gauge("aether_remote_calls", "Commands sent to a service and not answered yet.", ["app"])
SERVED = Gauge("aether_served_calls", "Commands that this service has in hand.", ["app"])
UNANSWERED = Counter(
    "aether_remote_unanswered_total", "Commands that no service has answered, by reason.", ["app", "reason"]
)
ROUND_TRIP = Histogram(
    "aether_remote_seconds",
    "Time from sending a command to a service to its answer.",
    ["app"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
