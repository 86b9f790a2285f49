"""The top floor as an app, and the admin site that wears the portal's frame."""

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Names the app."""

    name = "portal"
    verbose_name = _("Portal")


class PortalAdminConfig(AdminConfig):
    """Puts the portal's own admin site in place of Django's."""

    default_site = "portal.admin_site.PortalAdminSite"

    def ready(self) -> None:
        """Find the admin pages, and take away those over the secrets of second factors and sessions."""
        super().ready()
        for model in list(admin.site._registry):
            if model.__module__.startswith("allauth."):
                admin.site.unregister(model)
