"""What both profiles share; addresses and secrets are in the profile's own module."""

from __future__ import annotations

from typing import Any

from aether.settings import environment, logs

PROJECT = environment.PROJECT
DATA = environment.data_folder()
DEBUG = False
CONTENT_PACK = environment.text("CONTENT_PACK", str(PROJECT / "content" / "aether"))
FAILPOINTS = environment.text("FAILPOINTS")
CLIENT_DIST = PROJECT / "client" / "dist" / "browser"

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "aether.console",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.usersessions",
    "aether.kernel",
    "aether.gateway",
    "aether.operations",
    "apps.accounts",
    "apps.economy",
    "apps.chat",
    "apps.world",
    "apps.combat",
    "apps.quests",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "aether.kernel.rest.sign_in_bodies.StrictSignInBodies",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "aether.urls"
ASGI_APPLICATION = "aether.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"
DATABASE_ROUTERS = ["aether.kernel.realm.Router"]
SHARD = environment.shard()
# Keys of before: what is sealed under one (second factors, seeds of dice) is still opened, sessions hold.
SECRET_KEY_FALLBACKS = environment.names("SECRET_KEY_FALLBACKS")
# How long a character that leaves rests before what it has is packed: its last commands end meanwhile.
TRANSFER_REST_S = environment.integer("TRANSFER_REST_S", 3)

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT / "aether" / "console" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [
    PROJECT / "aether" / "locale",
    PROJECT / "apps" / "economy" / "console_locale",
    PROJECT / "aether" / "console" / "unfold_locale",
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_ROOT = CLIENT_DIST if CLIENT_DIST.is_dir() else None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "apps.accounts.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_RATE_LIMITS = {
    "signup": f"{environment.integer('SIGN_UPS_PER_MINUTE', 120)}/m/ip",
    "login": "120/m/ip",
    "login_failed": "5/30m/key,30/10m/ip",
    "change_password": "5/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = environment.integer("TRUSTED_PROXIES", 0)
HEADLESS_ONLY = True
HEADLESS_ADAPTER = "apps.accounts.sign_in.HeadlessAdapter"
HEADLESS_TOKEN_STRATEGY = "apps.accounts.sign_in.SessionTokens"  # noqa: S105 - a class
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": "/",
    "account_reset_password": "/",
    "account_reset_password_from_key": "/",
    "account_signup": "/",
}
MFA_ADAPTER = "apps.accounts.second_factor.SealingAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Aether"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
STAFF_MUST_USE_TOTP = False
STAFF_IDLE_S = 900
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
CSRF_FAILURE_VIEW = "aether.kernel.rest.refusals.refuse_forged"
SESSION_ENGINE = "apps.accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-eval'", "'unsafe-inline'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'", "ws:", "wss:"],
        "frame-ancestors": ["'none'"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "allauth.headless.contrib.rest_framework.authentication.XSessionTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["aether.kernel.rest.bodies.JsonBodyParser"],
    "DEFAULT_THROTTLE_CLASSES": [
        "aether.kernel.rest.throttles.AccountThrottle",
        "aether.kernel.rest.throttles.AddressThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"account": "200/min", "address": "100/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "aether.kernel.rest.refusals.refusal_response",
    "NUM_PROXIES": environment.integer("TRUSTED_PROXIES", 0),
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Aether Engine",
    "DESCRIPTION": "What is not live. The turn protocol of the socket is described at /api/v1/protocol.json.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}

CONSOLE_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='4' fill='%23046b87'/%3E"
    "%3Ccircle cx='8' cy='8' r='4' fill='none' stroke='white' stroke-width='2'/%3E%3C/svg%3E"
)
UNFOLD = {
    "SITE_TITLE": "Aether",
    "SITE_HEADER": "Aether",
    "SITE_SYMBOL": "anchor",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: CONSOLE_ICON}],
    "SHOW_LANGUAGES": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_HISTORY": False,
    "BORDER_RADIUS": "6px",
    "COLORS": {
        "primary": {
            "50": "oklch(97% .02 210)",
            "100": "oklch(94% .04 210)",
            "200": "oklch(88% .07 212)",
            "300": "oklch(80% .10 214)",
            "400": "oklch(70% .12 216)",
            "500": "oklch(60% .12 218)",
            "600": "oklch(50% .11 220)",
            "700": "oklch(43% .09 222)",
            "800": "oklch(36% .07 224)",
            "900": "oklch(30% .06 226)",
            "950": "oklch(22% .05 228)",
        }
    },
}

SPARE_THE_COLLECTOR = True

GATEWAY = {
    "allowed_origins": environment.names("ALLOWED_ORIGINS"),
    "frame_bytes": 8192,
    "update_bytes": 65536,
    "commands_per_20_s": environment.integer("COMMANDS_PER_20_S", 100),
    "command_burst": environment.integer("COMMAND_BURST", 20),
    "sockets_per_account": 5,
    "unauthenticated_per_address": environment.integer("UNAUTHENTICATED_PER_ADDRESS", 20),
    "streams": 64,
    "hello_timeout_s": 10,
    "heartbeat_s": 10,
    "dead_after_s": 25,
    "queue_bytes": 262_144,
    "queue_updates": 64,
    "socket_age_s": 43_200,
    "session_check_s": 60,
    "resume_s": 600,
}

CHAT = {
    "line_every_ms": environment.integer("CHAT_LINE_EVERY_MS", 600),
    "burst": environment.integer("CHAT_BURST", 6),
}

# Who may watch battles, by mode, where their players have not chosen: nobody, all late, or all at once.
WATCHING = ("none", "party", "delayed", "live")
SPECTATING: dict[str, Any] = {
    "modes": {
        "pve": environment.choice("SPECTATING_PVE", "live", WATCHING),
        "duel": environment.choice("SPECTATING_DUEL", "live", WATCHING),
        "team": environment.choice("SPECTATING_TEAM", "live", WATCHING),
    },
    "most": environment.integer("SPECTATORS_MAX", 50),
    "delay_rounds": 2,
    "delay_s": 60,
}

# What the threads of a gateway share, beside the four of the journal and one for each zone that it ticks.
DATABASE_CONNECTIONS = environment.integer("DATABASE_CONNECTIONS", 16)

HEALTH_HOST = environment.text("HEALTH_HOST", "127.0.0.1")
HEALTH_PORT = environment.integer("HEALTH_PORT", 0)
METRICS_TOKEN = environment.text("METRICS_TOKEN")

# Apps whose commands other processes execute; how many commands may be on their way, for how long, and
# into how many partitions the keys of an app fall (the same number in every process).
REMOTE_APPS = environment.some_of("REMOTE_APPS", [name[5:] for name in INSTALLED_APPS if name[:5] == "apps."])
REMOTE_IN_FLIGHT = environment.integer("REMOTE_IN_FLIGHT", 1000)
REMOTE_TIMEOUT_MS = environment.integer("REMOTE_TIMEOUT_MS", 5000)
REMOTE_PARTITIONS = environment.integer("REMOTE_PARTITIONS", 16)

LOGGING = logs.configuration(form="text")
