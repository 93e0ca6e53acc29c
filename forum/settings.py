"""Everything that can be configured, in one file. The environment is read here only."""

from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from forum import environment

BASE_DIR = Path(__file__).resolve().parent.parent

# --- where and how this runs ---------------------------------------------------------------------

DEMO = environment.choice("HANDRAIL_ENV", ("demo", "production")) == "demo"
DEBUG = False
DATA_DIR = Path(environment.text("DATA_DIR", str(BASE_DIR / "var")))
PORT = environment.number("PORT", 8000, least=1)
ORIGINS = environment.words(
    "ORIGINS", f"http://127.0.0.1:{PORT},http://localhost:{PORT}" if DEMO else ""
)
ON_HTTPS = all(origin.startswith("https://") for origin in ORIGINS)
if not ORIGINS or any("*" in origin for origin in ORIGINS):
    raise ImproperlyConfigured("ORIGINS must name each exact origin, e.g. https://rooms.example.")
if not DEMO and not ON_HTTPS:
    raise ImproperlyConfigured("ORIGINS must be https:// outside the demo.")
ALLOWED_HOSTS = sorted({origin.split("://")[1].rsplit(":", 1)[0] for origin in ORIGINS})
CSRF_TRUSTED_ORIGINS = ORIGINS

KEYS = DATA_DIR / "keys"
SECRET_KEY = environment.key("SECRET_KEY", folder=KEYS, made_here=DEMO)
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
FIELD_KEY = environment.key("FIELD_KEY", folder=KEYS, made_here=DEMO)  # second-factor seeds
PREFIX_KEY = environment.key("PREFIX_KEY", folder=KEYS, made_here=DEMO)  # network prefixes
BEHIND_PROXY = environment.choice("BEHIND_PROXY", ("no", "yes")) == "yes"
# Whose forwarding headers are believed: by default any private address, as between containers.
PROXY_ADDRESSES = environment.words(
    "PROXY_ADDRESSES", "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- applications --------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "channels",
    "forum",
    "forum.care",
    "forum.accounts",
    "forum.rooms",
    "forum.chat",
    "moderation",
    "moderation.desk",
]

MIDDLEWARE = [
    "forum.headers.PrivacyHeaders",
    "forum.headers.HeadAsGet",
    "django.middleware.security.SecurityMiddleware",
    "forum.static_files.WholeFiles",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "forum.accounts.leaving.EndedByExit",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "forum.errors.RefusedAsPage",
]

ROOT_URLCONF = "forum.urls"
ASGI_APPLICATION = "forum.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "forum.accounts.shell.shell",
            ],
        },
    },
]

# --- stores --------------------------------------------------------------------------------------

DATABASE_URL = environment.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'handrail.sqlite3'}")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    # FULL: an acknowledged message survives a power cut (WAL with NORMAL can lose the last
    # commits); secure_delete: what a member erases is gone from the file's free pages too.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON;PRAGMA cache_size=-8000;PRAGMA journal_size_limit=27103364;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": environment.number("DB_POOL", 10, least=2)},
        "options": "-c statement_timeout=10000 -c synchronous_commit=on",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DB_THREADS = environment.number("DB_THREADS", 4, least=2)
DB_DEADLINE = 10.0  # seconds that async code waits for the database

REDIS_URLS = environment.words("REDIS_URL")
if REDIS_URLS:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # Encrypted, so that whoever can write to Redis can neither read nor forge events.
            "CONFIG": {
                "hosts": [{"address": url} for url in REDIS_URLS],
                "prefix": "handrail",
                "symmetric_encryption_keys": [SECRET_KEY, *SECRET_KEY_FALLBACKS],
            },
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URLS[0],
            "KEY_PREFIX": "handrail",
        }
    }
else:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            "CONFIG": {"capacity": 10_000},
        }
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WEB_WORKERS = environment.number("WEB_WORKERS", 1, least=1)

# --- accounts ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["forum.accounts.passphrases.Argon2InTurn"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "forum.accounts.passphrases.NotTheSignInName"},
    {"NAME": "forum.accounts.passphrases.NotObvious"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "rooms:catalogue"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "forum.accounts.allauth_adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "forum.accounts.forms.SignInForm"}
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_USER_DISPLAY = "forum.accounts.allauth_adapters.display_name"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = None  # asked: "this is a shared device"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip",  # of one name: forum.accounts.allauth_adapters
    "reauthenticate": "5/5m/user",
    "signup": "20/h/ip",
}
MFA_ADAPTER = "forum.accounts.allauth_adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Handrail"
MFA_FORMS = {
    "authenticate": "forum.accounts.forms.SecondFactorForm",
    "reauthenticate": "forum.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "forum.accounts.forms.FirstCodeForm",
}

SESSION_ENGINE = "forum.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-sessionid" if ON_HTTPS else "sessionid"
SESSION_COOKIE_SECURE = ON_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
STAFF_SESSION_SECONDS = 12 * 3600  # how long a second factor counts
SHARED_DEVICE_SECONDS = 30 * 60
CSRF_COOKIE_NAME = "__Host-csrftoken" if ON_HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = ON_HTTPS
CSRF_FAILURE_VIEW = "forum.errors.csrf_refused"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- headers -------------------------------------------------------------------------------------

SECURE_HSTS_SECONDS = 31_536_000 if ON_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ON_HTTPS
SECURE_HSTS_PRELOAD = False
SECURE_SSL_REDIRECT = False  # the proxy does it
# Never no-referrer: Chromium then sends "Origin: null" with form posts and CSRF refuses them.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["handrail"],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "screen-wake-lock",
        "xr-spatial-tracking",
    )
}

# --- language, time, static files ----------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("STATIC_DIR", str(DATA_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "forum.static_files.HashedFiles"},
}

# --- the gate ------------------------------------------------------------------------------------

MODERATION_ENGINE = "moderation.engine.screener.Screener.load"
GATE_DEADLINE = 0.5  # seconds for one batch; then everything in it is held
RESCREEN_SECONDS = 1.0  # how often held, unscreened texts are looked at again
CLAIM_SECONDS = 600  # a moderator's claim on a case
METRICS_TOKEN = environment.text("METRICS_TOKEN")
EDIT_SECONDS = 900  # how long an author may edit or delete
SEALED_HOURS = (
    24  # how long a moderator can be asked to look at words that were changed or taken back
)
SOCKETS_PER_SESSION = 5
SOCKETS_PER_ACCOUNT = 20
SOCKET_SECONDS = 12 * 3600  # then a browser connects anew

# --- logs: ids and reasons, never text, handle or address ----------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "forum.log_filter.PlaceOnly",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "filters": {"private": {"()": "forum.log_filter.NothingPersonal"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["private"]}
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # uvicorn writes the client's address when a socket opens, and with every request.
        "uvicorn.access": {"handlers": [], "propagate": False},
        "uvicorn.error": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "channels_redis": {"level": "ERROR"},
    },
}
