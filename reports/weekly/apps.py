"""The app's name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WeeklyConfig(AppConfig):
    """Names the app."""

    name = "reports.weekly"
    verbose_name = _("Weekly reports")
