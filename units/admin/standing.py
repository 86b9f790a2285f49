"""One account's coming and going in the admin: a new password, disabled, enabled, handed over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from units import accounts, entitlements, standing
from units.admin.account_pages import SearchBox, changeable, in_reach, page
from units.admin.inviting import told
from units.inviting.slips import slip_of
from units.models import Account, TeamMember
from units.rules import RuleError
from units.scoped_admin import actor_of

ASKED = require_http_methods(["GET", "HEAD", "POST"])


class SuccessorForm(forms.Form):
    """Who goes on, and whether the old account is shut."""

    new = forms.ModelChoiceField(
        label=gettext_lazy("successor"),
        queryset=Account.objects.none(),
        help_text=gettext_lazy("Somebody with an account; invite the person first if there is none."),
    )
    disables = forms.BooleanField(label=gettext_lazy("disable the old account"), required=False, initial=True)

    def __init__(self, *args: Any, request: HttpRequest, old: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = in_reach(request).filter(is_active=True).exclude(pk=old.pk)
        self.fields["new"].queryset = people  # type: ignore[attr-defined]
        self.fields["new"].widget = SearchBox(TeamMember._meta.get_field("account"), admin.site)
        self.fields["new"].widget.choices = self.fields["new"].choices  # type: ignore[attr-defined]


@ASKED
@sensitive_variables("password")
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person who forgot theirs a new first password, and show it this once."""
    account = changeable(request, pk)
    if request.method != "POST":
        return redirect("admin:units_account_change", pk)
    if request.POST.get("seen", _stamp(account)) != _stamp(account):
        note = _("The password has changed since that page was opened. A slip is shown this once.")
        messages.warning(request, note)
        return redirect("admin:units_account_change", pk)
    try:
        password = accounts.set_initial_password(account, actor=actor_of(request))
    except RuleError as error:
        return _refused(request, account, error)
    return told(request, [slip_of(account, password)])


@ASKED
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut the account; its sessions end at their next request."""
    account = changeable(request, pk)
    if request.method == "POST":
        try:
            standing.disable(account, actor=actor_of(request))
        except RuleError as error:
            return _refused(request, account, error)
        note = _("The account of %(person)s is disabled; sessions end with their next click.")
        messages.success(request, note % {"person": account})
    return redirect("admin:units_account_change", pk)


@ASKED
@sensitive_variables("password")
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the account again, with a new first password that is shown this once."""
    account = changeable(request, pk)
    if request.method != "POST":
        return redirect("admin:units_account_change", pk)
    try:
        password = standing.enable(account, actor=actor_of(request))
    except RuleError as error:
        return _refused(request, account, error)
    return told(request, [slip_of(account, password)])


@ASKED
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a successor, look at what moves and what stays, then do it at once."""
    old = changeable(request, pk)
    asked = request.POST or request.GET
    form = SuccessorForm(asked if "new" in asked else None, request=request, old=old)
    successor = form.cleaned_data["new"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and successor is not None:
        try:
            _hand_over(old, successor, actor_of(request), disables=form.cleaned_data["disables"])
        except RuleError as error:
            form.add_error(error.field if error.field == "new" else None, str(error.message))
        else:
            note = _("%(new)s goes on with the work of %(old)s.")
            messages.success(request, note % {"new": successor, "old": old})
            return redirect("admin:units_account_roles", successor.pk)
    entitled = entitlements.of(old)
    context = {
        "form": form,
        "old": old,
        "new": successor,
        "moving": [one for one in entitled if one.moves],
        "staying": [one for one in entitled if not one.moves],
        "media": admin.site.get_model_admin(Account).media + form.media,
    }
    title = _("Hand the work of %(person)s over") % {"person": old}
    return page(request, "admin/units/account/hand_over.html", title, context)


@transaction.atomic
def _hand_over(old: Account, new: Account, actor: Account, *, disables: bool) -> None:
    """Do both or neither."""
    accounts.hand_over(old, new, actor=actor)
    if disables:
        why = _("handed over to %(person)s") % {"person": new.username}
        standing.disable(Account.objects.get(pk=old.pk), actor=actor, why=why)


def _refused(request: HttpRequest, account: Account, error: RuleError) -> HttpResponse:
    messages.error(request, str(error.message))
    return redirect("admin:units_account_change", account.pk)


def _stamp(account: Account) -> str:
    """Return what changes with each password: a page that is loaded again makes no second one."""
    return account.password_changed_at.isoformat()
