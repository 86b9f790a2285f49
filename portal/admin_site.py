"""The admin site in the portal's frame."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    """Django's admin under the portal's name; signing in happens at the portal's own page."""

    site_title = _("Administration")
    site_header = _("Administration")
    index_title = _("Overview")
    site_url = "/"
