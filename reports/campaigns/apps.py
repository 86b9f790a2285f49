"""The app's name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    """Names the app."""

    name = "reports.campaigns"
    verbose_name = _("Campaigns")
