"""The programs that make a portal, as command lines; deploy/ runs the same ones."""

from __future__ import annotations

import os
import signal
import sys

from django.conf import settings

from portal.launcher import broker
from portal.launcher.children import Child


def all_programs() -> list[Child]:
    """Return the programs in the order in which they start."""
    environment = _environment()
    programs = [
        Child("web", web(), environment),
        # A worker whose broker and terminal are gone can hang on its way out; its tasks survive a kill.
        Child("worker", worker(), environment, last_signal=signal.SIGKILL),
        Child("beat", beat(), environment, last_signal=signal.SIGKILL),
    ]
    if not broker.is_embedded():
        return programs
    # It would ask for a kernel setting that only large memories need, and for a locale that may be absent.
    return [
        Child("broker", broker.command(), environment | {"LC_ALL": "C"}, mutes="overcommit"),
        *programs,
    ]


def web() -> list[str]:
    """Return the web server's command line."""
    options = {
        "interface": "wsgi",
        "host": settings.HOST,
        "port": settings.PORT,
        "workers": settings.WEB_PROCESSES,
        "blocking-threads": settings.WEB_THREADS,
        "http": 1,
        "log-level": "warning",
        "workers-kill-timeout": 3,
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return _python("granian", *flags, "--no-ws", "--respawn-failed-workers", "portal.wsgi:application")


def worker() -> list[str]:
    """Return the worker's command line; processes, because a thread can't be held to a time limit."""
    return _python(
        *("celery", "--quiet", "-A", "portal", "worker", "--pool", "prefork"),
        *("--concurrency", str(settings.WORKER_PROCESSES), "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle"),
    )


def beat() -> list[str]:
    """Return the clock's command line; it keeps no process file, the folder's lock makes it the only one."""
    return _python("celery", "--quiet", "-A", "portal", "beat", "--loglevel", "WARNING", "--pidfile=")


def _python(*parts: str) -> list[str]:
    """Return a command line for a module of our own Python."""
    return [sys.executable, "-m", *parts]


def _environment() -> dict[str, str]:
    """Return what the programs are told: the same as we, from whatever folder we were started."""
    paths = [str(settings.BASE_DIR), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONUNBUFFERED": "1",
        "VAR_DIR": str(settings.VAR_DIR),
        # Told to stop, a worker hands unfinished tasks back instead of waiting minutes for them.
        "REMAP_SIGTERM": "SIGQUIT",
    }
