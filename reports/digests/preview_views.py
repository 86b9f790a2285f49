"""The administration's pages that show a digest before it is made, and send it once more."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports.campaigns.current import current
from reports.digests.preview_forms import PreviewForm
from reports.digests.previewing import letter_of, next_key, send_again
from units import scope
from units.admin.mail import shown_alone
from units.models import Mail
from units.rules import RuleError
from units.scoped_admin import actor_of, reach_of


@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """Choose a reader and a week; look at the mail as it would be made now."""
    _check_overseer(request, "units.view_mail")
    form = _form(request, request.GET or None)
    shown: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        choice = form.choice()
        key = next_key(choice)
        try:
            mail = letter_of(choice, key=key)
            may_send = bool(mail.address) and request.user.has_perm("units.change_mail")
            shown = {"mail": mail, "key": key, "may_send": may_send, "query": request.GET.urlencode()}
        except RuleError as error:
            form.add_error(None, str(error.message))
    context = {
        **admin.site.each_context(request),
        "title": _("Preview of the digests"),
        "subtitle": None,
        "opts": Mail._meta,
        "form": form,
        "media": form.media,
        **shown,
    }
    return TemplateResponse(request, "digests/preview.html", context)


@require_safe
def preview_html(request: HttpRequest) -> HttpResponse:
    """Return the HTML of the chosen digest, alone and without rights."""
    _check_overseer(request, "units.view_mail")
    form = _form(request, request.GET)
    if not form.is_valid():
        raise BadRequest
    try:
        return shown_alone(letter_of(form.choice(), key="preview").html)
    except RuleError:
        raise BadRequest from None


@require_POST
def preview_send(request: HttpRequest) -> HttpResponse:
    """Send the chosen digest once more, to its reader alone."""
    _check_overseer(request, "units.change_mail")
    form = _form(request, request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was sent: choose a reader and a week first."))
        return redirect("previews:preview")
    try:
        mail = send_again(form.choice(), actor=actor_of(request), key=request.POST.get("key", ""))
    except RuleError as error:
        messages.error(request, str(error.message))
        return redirect("admin:units_mail_changelist")
    messages.success(request, _("It is on its way to %(address)s.") % {"address": mail.address})
    return redirect(reverse("admin:units_mail_change", args=[mail.pk]))


def _form(request: HttpRequest, data: Any) -> PreviewForm:
    """Return the form of the campaign on screen."""
    return PreviewForm(data, campaign=current(request), today=timezone.localdate())


def _check_overseer(request: HttpRequest, permission: str) -> None:
    """Let in who may see every unit: a leader's digest tells of all of them. Raises: PermissionDenied."""
    if not request.user.has_perm(permission) or not reach_of(request, scope.OVERSEE).is_everything:
        raise PermissionDenied
