"""The default profile: everything in one process, nothing to install.

PostgreSQL and Redis come from wheels. PostgreSQL keeps its files in the data folder, Redis nothing; where
there is no such Redis for this machine, one lives in the process.
"""

from __future__ import annotations

import fakeredis
import fakeredis.aioredis
from django.core.exceptions import ImproperlyConfigured

from aether.settings import embedded_redis, environment
from aether.settings.base import *  # noqa: F403
from aether.settings.base import DATA, REMOTE_APPS
from aether.settings.local_secret import local_secret

SECRET_KEY = environment.text("SECRET_KEY") or local_secret(DATA)
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
PROFILE = "embedded"
if REMOTE_APPS:
    raise ImproperlyConfigured("REMOTE_APPS needs the services profile: here everything is one process.")

DATABASE_URL = environment.text("DATABASE_URL")
if not DATABASE_URL:
    from aether.settings.embedded_postgres import database_url

    DATABASE_URL = database_url(DATA)
DATABASES = environment.databases(DATABASE_URL)

REDIS_URL = embedded_redis.url(DATA)
REDIS_SERVER = None if REDIS_URL else fakeredis.FakeServer()
CHANNEL_PREFIX = environment.channel_prefix("")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL or "redis://inside",
        "OPTIONS": {}
        if REDIS_URL
        else {"connection_class": fakeredis.FakeConnection, "server": REDIS_SERVER},
    }
}
_INSIDE = {"connection_class": fakeredis.aioredis.FakeConnection, "server": REDIS_SERVER}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL or _INSIDE], "prefix": CHANNEL_PREFIX},
    }
}
CELERY_BROKER_URL = "memory://"
