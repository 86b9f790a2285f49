"""The app's name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    """The ground floor."""

    name = "units"
    verbose_name = _("Units and accounts")
