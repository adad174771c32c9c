"""What operators see of zones."""

from __future__ import annotations

from prometheus_client import Histogram

TICK_LAG = Histogram(
    "aether_zone_tick_lag_seconds",
    "How much later than planned a zone copy with people in it was told what happened.",
    ["zone"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
