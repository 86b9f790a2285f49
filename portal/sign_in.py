"""Sign in and out, with an audit row for each, and in the person's own language."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal.preferences import remember_language
from units import audit
from units.models import Account, Deed


class SignInForm(AuthenticationForm):
    """Turns a name and a password into the account that they belong to."""

    error_messages = {
        "invalid_login": _(
            "Name and password do not belong together. Check both; after five attempts"
            " the account is locked for 15 minutes."
        ),
        "inactive": _("This account is closed; ask the bureau to open it again."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["username"].label = _("Sign-in name")
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def typed_name(self) -> str:
        """Return the name as it was typed, for the audit trail."""
        return str(self.data.get(self.add_prefix("username"), ""))


class SignInView(LoginView):
    """Shows the form; a right pair begins a session and leads to where the person was going."""

    template_name = "portal/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Begin the session and write it down, or neither."""
        account = form.get_user()
        with transaction.atomic():
            audit.record(Deed.SIGN_IN, actor=account, subject=account, unit=account.unit)
            response = super().form_valid(form)
        return remember_language(response, account.language)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Write the failed attempt down; what was typed is kept only where an account has this name."""
        typed = form.typed_name() if isinstance(form, SignInForm) else ""
        known = Account.objects.filter(username__iexact=Account.normalize_username(typed)).first()
        audit.record(Deed.SIGN_IN_FAILED, actor=None, subject=known, unit=known.unit if known else None)
        return super().form_invalid(form)


def counted_name(request: HttpRequest, credentials: dict[str, object] | None = None) -> str:
    """Return the name under which failures are counted, so that no other spelling starts anew."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return Account.normalize_username(str(typed)).casefold()[:255]


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, Account):
        audit.record(Deed.SIGN_OUT, actor=request.user, subject=request.user, unit=request.user.unit)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
