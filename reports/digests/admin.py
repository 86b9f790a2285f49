"""Readers without an account in the admin: people outside, groups, and what groups were told."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reports.digests.models import OutsideRecipient, Robot, RobotMessage
from reports.digests.robots.forms import RobotForm
from reports.digests.robots.registering import configure, say_again
from units.scoped_admin import ReadOnlyModelAdmin, ScopedModelAdmin, actor_of


@admin.register(OutsideRecipient)
class OutsideRecipientAdmin(ScopedModelAdmin):
    """The addresses outside; who has unsubscribed is not subscribed again by anybody else."""

    list_display = ("name", "address", "campaign", "language", "is_active", "wants_digest")
    list_filter = ("campaign", "is_active", "wants_digest")
    list_select_related = ("campaign",)
    search_fields = ("name", "address")
    sortable_by = ("name", "address")
    fields = ("campaign", "name", "address", "language", "is_active", "wants_digest")
    readonly_fields = ("wants_digest",)


@admin.register(Robot)
class RobotAdmin(ScopedModelAdmin):
    """The robots of groups; a webhook address is written and never shown again."""

    form = RobotForm
    list_display = ("team", "kind", "ending", "language", "is_enabled")
    list_filter = ("kind", "is_enabled")
    list_select_related = ("team",)
    search_fields = ("team__name",)
    sortable_by = ("team", "kind")
    fields = ("team", "kind", "webhook", "signing", "language", "is_enabled")
    autocomplete_fields = ("team",)

    def enter(self, row: Robot, request: HttpRequest) -> None:
        configure(row, actor=actor_of(request))

    def amend(self, row: Robot, fields: Any, request: HttpRequest) -> None:
        configure(row, actor=actor_of(request))


@admin.register(RobotMessage)
class RobotMessageAdmin(ReadOnlyModelAdmin):
    """What groups were told: made, sent, tries and errors; a failed one can be sent again."""

    list_display = ("robot", "state", "n_attempts", "made_at", "sent_at", "error")
    list_filter = ("state", ("made_at", admin.DateFieldListFilter))
    list_select_related = ("robot__team",)
    search_fields = ("robot__team__name", "error")
    sortable_by = ("made_at", "sent_at")
    ordering = ("-id",)
    actions = ("send_again",)
    has_history = False
    fields = ("robot", "state", "n_attempts", "made_at", "next_try_at", "sent_at", "error", "text")

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may send failed messages again."""
        return request.user.has_perm("digests.change_robotmessage")

    @admin.action(description=_("Send the failed ones again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: models.QuerySet[RobotMessage]) -> None:
        """Queue the failed ones of the chosen messages."""
        n_queued = say_again(queryset, actor=actor_of(request))
        note = ngettext(
            "%(count)d message will be sent again.", "%(count)d messages will be sent again.", n_queued
        )
        level = messages.SUCCESS if n_queued else messages.WARNING
        self.message_user(request, note % {"count": n_queued}, level)
