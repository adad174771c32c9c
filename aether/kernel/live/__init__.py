"""Live state in Redis: tickets, sessions, who is online. All of it may be wiped while people play."""

from aether.kernel.live.connections import aredis, close_aredis, redis
from aether.kernel.live.presence import (
    is_online,
    online_among,
    online_characters,
    register_presence,
)

__all__ = [
    "aredis",
    "close_aredis",
    "is_online",
    "online_among",
    "online_characters",
    "redis",
    "register_presence",
]
