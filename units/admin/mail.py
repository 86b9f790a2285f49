"""Mail in the admin: what was sent, what waits, what failed, and what each looked like."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from units import scope
from units.mail import resend
from units.models import Mail
from units.scoped_admin import ReadOnlyModelAdmin, actor_of, reach_of

# What a mail brings along may draw its letter and nothing else: no script, no form, no address.
PREVIEW_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)


# What a mail is about stands at the beginning of its key.
KINDS: dict[str, str | Promise] = {
    "digest": _("weekly digest"),
    "outside": _("weekly report to outside"),
    "remind": _("reminder"),
    "overdue": _("overdue"),
    "late": _("late units, to reviewers"),
    "returned": _("returned"),
    "notice": _("notice about an account"),
    "invitation": _("invitation"),
    "password": _("new password"),
    "urging": _("urging"),
}


def shown_alone(html: str) -> HttpResponse:
    """Return the HTML of a mail as a page without rights, for a frame of ours."""
    response = HttpResponse(html)
    response["Content-Security-Policy"] = PREVIEW_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


class KindFilter(admin.SimpleListFilter):
    """What the mail is about."""

    title = _("about")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(KINDS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(key__startswith=f"{self.value()}:") if self.value() in KINDS else queryset


@admin.register(Mail)
class MailAdmin(ReadOnlyModelAdmin):
    """The mails, latest first; a failed one can be sent again."""

    list_display = (
        "subject",
        "about",
        "person",
        "address",
        "state",
        "n_attempts",
        "made_at",
        "sent_at",
        "error",
    )
    list_filter = ("state", KindFilter, ("made_at", admin.DateFieldListFilter))
    list_select_related = ("person",)
    search_fields = ("subject", "address", "person__name", "error")
    sortable_by = ("made_at", "sent_at")
    ordering = ("-id",)
    actions = ("send_again",)
    has_history = False
    fields = (
        "subject",
        "about",
        "person",
        "address",
        "state",
        "n_attempts",
        "made_at",
        "next_try_at",
        "good_until",
        "sent_at",
    )
    readonly_fields = ("about", "preview")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.fields, "error", "text", "preview")

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        """Show mails to people of units in reach; those to nobody in particular only to whom all is open."""
        return rows.filter(reach_of(request, scope.OVERSEE).condition("person__unit__path"))

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.html_view)
        return [path("<int:pk>/html/", preview, name="units_mail_html"), *super().get_urls()]

    def html_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the HTML of one mail, alone and without rights."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        mail = scope.get_or_404(self.get_queryset(request), pk=pk)
        return shown_alone(mail.html)

    @admin.display(description=_("about"))
    def about(self, mail: Mail) -> str:
        """Return what the mail is about."""
        return str(KINDS.get(mail.key.partition(":")[0], "—"))

    @admin.display(description=_("as it looks"))
    def preview(self, mail: Mail) -> str:
        """Return a frame without rights that shows the HTML."""
        url = reverse("admin:units_mail_html", args=[mail.pk])
        return format_html(
            '<iframe class="mail-preview" sandbox src="{}" title="{}"></iframe>', url, mail.subject
        )

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may send failed mail again."""
        return request.user.has_perm("units.change_mail")

    @admin.action(description=_("Send the failed ones again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: models.QuerySet[Mail]) -> None:
        """Queue the failed ones of the chosen mails."""
        n_queued = resend(queryset, actor=actor_of(request))
        note = ngettext("%(count)d mail will be sent again.", "%(count)d mails will be sent again.", n_queued)
        level = messages.SUCCESS if n_queued else messages.WARNING
        self.message_user(request, note % {"count": n_queued}, level)
