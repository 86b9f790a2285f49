"""The page behind the link that an invited person gets by mail: set a password, then sign in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from units import passwords
from units.inviting.letters import account_of
from units.models import Account

BOTH = ("new_password1", "new_password2")


@login_not_required
@never_cache
@sensitive_post_parameters(*BOTH)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the first password of the person's own; a link that is over says so, whatever is wrong with it."""
    account = account_of(token)
    if account is None:
        return render(request, "portal/invitation_over.html", status=410)
    form = SetPasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _set(form, account, token):
            messages.success(request, _("The password is set. Sign in with it."))
            return redirect("sign-in")
        if form.is_valid():
            return render(request, "portal/invitation_over.html", status=410)
    context = {"form": form, "account": account, "rules": password_validators_help_texts()}
    return render(request, "portal/invitation.html", context)


@transaction.atomic
def _set(form: SetPasswordForm[Account], account: Account, token: str) -> bool:
    """Set the password, once: of two clicks at the same moment the second finds the link over."""
    list(Account.objects.select_for_update().filter(pk=account.pk).values_list("pk"))
    if account_of(token) is None:
        return False
    try:
        passwords.change_password(
            account, form.cleaned_data[BOTH[0]], actor=account, way="invitation by mail"
        )
    except ValidationError as error:
        form.add_error(BOTH[0], error)
        return False
    return True
