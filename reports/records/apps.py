"""The app's name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Names the app."""

    name = "reports.records"
    verbose_name = _("Activity records")
