"""Is this process well: one implementation for every role, whether it serves HTTP anyway or not.

`/healthz` says that the process turns (if not, restart it), `/readyz` that it may take work (if not,
send it none, and wait), `/metrics` what Prometheus collects.
"""

from aether.kernel.health.access import may_read_metrics
from aether.kernel.health.checks import (
    Check,
    Checks,
    is_broker_up,
    is_content_loaded,
    is_database_up,
    is_redis_up,
    told,
)
from aether.kernel.health.exposing import CONTENT_TYPE, exposition
from aether.kernel.health.pulses import Pulse
from aether.kernel.health.serving import HealthServer, serving

__all__ = [
    "CONTENT_TYPE",
    "Check",
    "Checks",
    "HealthServer",
    "Pulse",
    "exposition",
    "is_broker_up",
    "is_content_loaded",
    "is_database_up",
    "is_redis_up",
    "may_read_metrics",
    "serving",
    "told",
]
