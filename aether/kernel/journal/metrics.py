"""What operators see of the group commit."""

from __future__ import annotations

from prometheus_client import Histogram

ENTRIES = Histogram(
    "aether_commit_entries", "Entries in one commit.", buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500)
)
SECONDS = Histogram(
    "aether_commit_seconds",
    "Time of one commit of a group of entries.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
