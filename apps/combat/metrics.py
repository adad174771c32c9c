"""What operators see of battles."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

TURN = Histogram(
    "aether_turn_seconds",
    "Time from a player's command to its commit: rules, journal and telling.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
FAULTS = Counter(
    "aether_battle_faults_total",
    "Faults of battles: `guard`, the rules ran away and stopped it; `failure`, they failed, or its log did.",
    ["kind"],
)
AUTOMATIC_FAILURES = Counter(
    "aether_automatic_failures_total",
    "Turns that were ended because the AI could not choose, or chose what the rules refuse.",
)
