"""What apps tell one another: frozen facts, published with a change and delivered at least once.

A fact is published into the outbox, inside the transaction of the change that it reports. It is done
when each of its subscribers has handled it, exactly once, or was parked after failing too often.
"""

from aether.kernel.facts.delivery import deliver, drain, retry
from aether.kernel.facts.outbox import Backlog, backlog, publish, publish_all, publish_heard, rider
from aether.kernel.facts.registry import Subscriber, subscribe
from aether.kernel.facts.standing import KEPT_DAYS, Delivered, about, carry_again, standing_of

__all__ = [
    "KEPT_DAYS",
    "Backlog",
    "Delivered",
    "Subscriber",
    "about",
    "backlog",
    "carry_again",
    "deliver",
    "drain",
    "publish",
    "publish_all",
    "publish_heard",
    "retry",
    "rider",
    "standing_of",
    "subscribe",
]
