"""What has to be true before the programs start."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from portal.demonstration.loading import ensure_demonstration
from portal.launcher.refusals import Refusal
from units.accounts import refresh_roles


def prepare_embedded() -> None:
    """Bring the embedded database up to date and fill an empty one with the demonstration."""
    try:
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        refresh_roles()
        ensure_demonstration()
        # Whitenoise looks for it, though it finds the files where they lie.
        settings.STATIC_ROOT.mkdir(exist_ok=True)
    except DatabaseError as error:
        raise Refusal(
            _("The database %(file)s cannot be used (%(reason)s). Start in another folder: VAR_DIR=/path.")
            % {"file": settings.DATABASES["default"]["NAME"], "reason": error}
        ) from error
    finally:
        connection.close()


def check_server() -> None:
    """Make sure that a server's database and files are as this version needs them; change nothing.

    Raises: Refusal with the command that brings them there.
    """
    if n_missing := _n_missing_migrations():
        raise Refusal(
            _("The database lacks %(n)d migrations. Run once: python manage.py migrate") % {"n": n_missing}
        )
    if not settings.STATIC_ROOT.is_dir():
        raise Refusal(
            _("The static files are not collected. Run once: python manage.py collectstatic --noinput")
        )


def _n_missing_migrations() -> int:
    """Return how many migrations the database has not seen. Raises: Refusal when it does not answer."""
    facts = settings.DATABASES["default"]
    try:
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        raise Refusal(
            _(
                "The database “%(name)s” at %(host)s does not answer (%(reason)s). "
                "Start it, or correct DATABASE_URL."
            )
            % {
                "name": facts["NAME"],
                "host": facts.get("HOST") or "localhost",
                "reason": str(error).strip().splitlines()[0],
            }
        ) from error
    finally:
        connection.close()
        # A pool has threads of its own, and the programs must be started from a process with one.
        if hasattr(connection, "close_pool"):
            connection.close_pool()
