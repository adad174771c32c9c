"""The production profile: real PostgreSQL, Redis and RabbitMQ, each by its address."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from aether.settings import environment, logs
from aether.settings.base import *  # noqa: F403

PROFILE = "services"
LOGGING = logs.configuration(form="json")
SECRET_KEY = environment.required("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters.")
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set: name the hosts that this server answers for.")
DATABASE_URL = environment.required("DATABASE_URL")
DATABASES = environment.databases(DATABASE_URL)
REDIS_URL = environment.required("REDIS_URL")
CELERY_BROKER_URL = environment.required("BROKER_URL")
ALLOW_WEAK_CREDENTIALS = environment.flag("ALLOW_WEAK_CREDENTIALS", False)

if not ALLOW_WEAK_CREDENTIALS:
    if not urlsplit(REDIS_URL).password:
        raise ImproperlyConfigured("REDIS_URL has no password.")
    if (urlsplit(CELERY_BROKER_URL).username or "guest") == "guest":
        raise ImproperlyConfigured("BROKER_URL uses the guest account.")

if FAILPOINTS and not environment.flag("ALLOW_FAILPOINTS", False):
    raise ImproperlyConfigured("FAILPOINTS kills processes on purpose; it has no place where people play.")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CHANNEL_PREFIX = environment.channel_prefix(REDIS_URL)
REDIS_HOST = {"address": REDIS_URL, "socket_connect_timeout": 2, "socket_timeout": 2}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_HOST], "prefix": CHANNEL_PREFIX},
    }
}

IS_BEHIND_TLS = environment.flag("BEHIND_TLS", True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_BEHIND_TLS
SECURE_SSL_REDIRECT = IS_BEHIND_TLS
# Those who ask a process how it is do so from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_BEHIND_TLS else None
STAFF_MUST_USE_TOTP = environment.flag("STAFF_MUST_USE_TOTP", True)
# Whether the other names of the domain have TLS, and for ever, only its owner knows.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
