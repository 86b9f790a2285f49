"""The app's name."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    """The ground floor."""

    name = "units"
    verbose_name = _("Units and accounts")

    def ready(self) -> None:
        """Make the search for parts of names known."""
        import_module("units.lookups")
