"""Small typed readers of the environment. Only settings.py calls them."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

KEY_LENGTH = 64
SHORTEST_KEY = 40


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that NAME_FILE names."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default).strip()


def choice(name: str, accepted: tuple[str, ...]) -> str:
    """One of the accepted words; the first is the default."""
    value = text(name, accepted[0])
    if value not in accepted:
        raise ImproperlyConfigured(f"{name} is {value!r}; accepted: {', '.join(accepted)}.")
    return value


def number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name} is {value!r}; accepted: a whole number from {least}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def key(name: str, *, folder: Path, made_here: bool) -> str:
    """A secret of at least 40 characters: given, or made once in a file that only we can read.

    Keys are made on the spot for the one-machine default only; elsewhere a missing key stops the
    start, since every process of a deployment must hold the same one.
    """
    if value := text(name):
        if len(value) < SHORTEST_KEY:
            raise ImproperlyConfigured(f"{name} is too short; use {SHORTEST_KEY} characters.")
        return value
    if not made_here:
        raise ImproperlyConfigured(f"{name} is missing; set {name} or {name}_FILE.")
    return _key_in_file(folder / name.lower())


def _key_in_file(path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w") as file:
        value = secrets.token_urlsafe(KEY_LENGTH)
        file.write(value)
    return value
