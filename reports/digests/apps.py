"""The app's name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DigestsConfig(AppConfig):
    """Names the app."""

    name = "reports.digests"
    verbose_name = _("Digests")
