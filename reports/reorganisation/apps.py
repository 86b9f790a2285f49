"""The app's name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReorganisationConfig(AppConfig):
    """Names the app."""

    name = "reports.reorganisation"
    verbose_name = _("Reorganisation")
