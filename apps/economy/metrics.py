"""What operators see of the economy."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

ALARMS = Gauge("aether_economy_alarms", "Alarms of the economy that stand, by kind.", ["kind"])
AUDITED = Gauge("aether_ledger_audited_seconds", "When the whole ledger was last audited, since 1970.")
DUE_FAILED = Counter(
    "aether_economy_due_failed_total", "What was due and could not be resolved, by kind.", ["kind"]
)
