"""Read settings from the environment: typed, and refusing nonsense by name."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")

env = environ.Env()


def text(name: str, default: str = "") -> str:
    """Return a text; unset and empty both give `default`."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or no. Raises: ImproperlyConfigured for anything else."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.strip().lower() not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name}={raw!r}: write 1 or 0.")
    return raw.strip().lower() in TRUE


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """Return a whole number of `least` to `most`. Raises: ImproperlyConfigured for anything else."""
    raw = text(name, str(default))
    span = f"from {least}" + (f" to {most}" if most is not None else "")
    if not (raw.isascii() and raw.isdigit()) or int(raw) < least or (most is not None and int(raw) > most):
        raise ImproperlyConfigured(f"{name}={raw!r}: write a whole number {span}.")
    return int(raw)


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    """Return one of `options`. Raises: ImproperlyConfigured for anything else."""
    raw = text(name, default)
    if raw not in options:
        raise ImproperlyConfigured(f"{name}={raw!r}: write one of {', '.join(options)}.")
    return raw


def words(name: str, default: list[str]) -> list[str]:
    """Return the comma-separated words."""
    raw = text(name)
    return [word.strip() for word in raw.split(",") if word.strip()] if raw else default


def folder(name: str, default: Path) -> Path:
    """Return a folder as an absolute path."""
    return Path(text(name, str(default))).expanduser().resolve()


def socket_path(wished: Path) -> Path:
    """Return `wished`, or a short stand-in in the temporary folder that every process derives alike.

    A socket's address holds 104 bytes on macOS and 108 on Linux, and it travels as a URL.
    """
    if len(os.fsencode(wished)) <= 100 and PLAIN_PATH.fullmatch(str(wished)):
        return wished
    digest = hashlib.sha256(os.fsencode(wished)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"portal-{os.getuid()}-{digest}" / wished.name


def address(name: str, default: str, schemes: tuple[str, ...]) -> str:
    """Return a URL of one of `schemes`. Raises: ImproperlyConfigured for another scheme."""
    raw = text(name, default)
    if raw and not raw.startswith(tuple(f"{scheme}:" for scheme in schemes)):
        raise ImproperlyConfigured(f"{name}: the address has to begin with one of {', '.join(schemes)}.")
    return raw


def secret_key(kept_in: Path, *, is_server: bool) -> str:
    """Return SECRET_KEY; the embedded demonstration makes one and keeps it in `kept_in`.

    Raises: ImproperlyConfigured on a server without a key of at least 50 characters.
    """
    given = text("SECRET_KEY")
    if is_server and len(given) < 50:
        raise ImproperlyConfigured("SECRET_KEY: a server needs one of at least 50 random characters.")
    if given:
        return given
    try:
        return kept_in.read_text().strip()
    except FileNotFoundError:
        return keep(kept_in, secrets.token_urlsafe(50))


def keep(path: Path, value: str) -> str:
    """Write a secret for its owner alone; of two writers at once the first one wins."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError:
        # A read-only folder: `manage.py portal` says so in its own words; other commands run on.
        return value
    with os.fdopen(descriptor, "w") as file:
        file.write(value)
    return value
