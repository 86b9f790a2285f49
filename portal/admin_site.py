"""The admin site in the portal's frame."""

from __future__ import annotations

from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from reports.records.queue.listing import MOST_COUNTED, counted
from reports.records.queue.pace import pace_of
from reports.records.reviewing import queue_of
from reports.weekly.models import WeeklyReport
from units import scope
from units.searching import RowSearchView

REPORTED = ("records", "weekly")
# The portal has its own; the last one tells which objects exist.
LEFT_OUT = {"logout", "password_change", "password_change_done", "view_on_site"}


def _reports_waiting(user: scope.Person) -> dict[str, int]:
    """Return how many weekly reports wait for a reviewer, and for how many more time is asked."""
    n_reports, n_requests = WeeklyReport.objects.counted_for(user)
    return {"n_reports": n_reports, "n_requests": n_requests}


class PortalAdminSite(AdminSite):
    """Django's admin under the portal's name; signing in and out happens at the portal's own pages."""

    site_title = _("Administration")
    site_header = _("Administration")
    index_title = _("Administration")
    site_url = "/"
    empty_value_display = "—"
    enable_nav_sidebar = True
    # It would answer for every address below; each has a line in portal/policies.py instead.
    final_catch_all_view = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [url for url in super().get_urls() if getattr(url, "name", None) not in LEFT_OUT]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Let staff in, send nobody in particular to sign in, and refuse everybody else.

        Whoever has come in sees what their roles reach, which for staff without a role is nothing.
        """

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied
            response: HttpResponse = view(request, *args, **kwargs)
            return response

        guarded = csrf_protect(inner)
        return update_wrapper(guarded if cacheable else never_cache(guarded), view)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        """Answer a search box."""
        return RowSearchView.as_view(admin_site=self)(request)

    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the portal's sign-in page, and from there to where the person was going on this host."""
        asked = request.GET.get(REDIRECT_FIELD_NAME, "")
        is_safe = url_has_allowed_host_and_scheme(
            asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        target = asked if is_safe else reverse("admin:index")
        # Not by redirect(), which would take a word without a slash for the name of an address.
        return HttpResponseRedirect(target) if request.user.is_authenticated else redirect_to_login(target)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show what the person may manage; to a reviewer, first of all, how much waits."""
        is_reviewer = not scope.reach(request.user, scope.REVIEW).is_empty
        queue: dict[str, Any] = {}
        if is_reviewer:
            pace = pace_of(scope.reach(request.user, scope.REVIEW, scope.OVERSEE))
            n_waiting = counted(queue_of(request.user))
            queue = {"n_waiting": n_waiting, "most_counted": MOST_COUNTED, "pace": pace}
            queue |= _reports_waiting(request.user)
        return super().index(request, {"n_waiting": None} | queue | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Return what the person may manage: first what units report, in one group."""
        apps = super().get_app_list(request, app_label)
        reported = [app for app in apps if app["app_label"] in REPORTED]
        if app_label is not None or not reported:
            return apps
        models = [
            model
            for label in REPORTED
            for app in reported
            if app["app_label"] == label
            for model in app["models"]
        ]
        first = {**reported[0], "name": _("What units report"), "models": models}
        return [first, *(app for app in apps if app not in reported)]

    def get_log_entries(self, request: HttpRequest) -> Any:
        """Return none: what others did stands in the audit trail, for the auditor."""
        return super().get_log_entries(request).none()
