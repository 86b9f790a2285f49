"""The app's name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    """Names the app."""

    name = "reports.statistics"
    verbose_name = _("Statistics")
