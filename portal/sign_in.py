"""Sign in and out, with an audit row for each, and in the person's own language."""

from __future__ import annotations

from allauth.account.forms import LoginForm
from allauth.account.internal.flows.logout import logout
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal.identity import providers, sessions
from units import audit, passwords
from units.models import Account, Deed
from units.rules import RuleError


class SignInForm(LoginForm):
    """Turns a name and a password into the account that they belong to."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Sign-in name")
        self.fields["login"].widget.attrs["autocapitalize"] = "none"
        self.fields["password"].help_text = ""

    def add_prefix(self, field_name: str) -> str:
        """Return the field's name on the page; a sign-in name is `username` to every browser and to axes."""
        return "username" if field_name == "login" else str(super().add_prefix(field_name))

    def clean(self) -> dict[str, object]:
        """Refuse the wrong pair, and the right one where it is a first password that is over."""
        cleaned: dict[str, object] = super().clean()
        if self.user is not None:
            try:
                passwords.check_first_password(self.user)
            except RuleError as error:
                raise ValidationError(str(error.message), code=error.code) from error
        return cleaned


class SignInView(LoginView):
    """Shows the form; a right pair leads to the second factor, if there is one, and on."""

    template_name = "portal/sign_in.html"
    form_class = SignInForm

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add where the person was going and the other ways in."""
        context: dict[str, object] = super().get_context_data(**kwargs)
        return {**context, "next": context["redirect_field_value"] or "", "offers": providers.offers()}


def counted_name(request: HttpRequest, credentials: dict[str, object] | None = None) -> str:
    """Return the name under which failures are counted, so that no other spelling starts anew."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return Account.normalize_username(str(typed)).casefold()[:255]


def counted_address(request: HttpRequest) -> str:
    """Return the address under which failures are counted: the connection's, whatever headers claim."""
    return str(request.META.get("REMOTE_ADDR") or "")


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, or a sign-in that waits for its second factor."""
    with transaction.atomic():
        if isinstance(request.user, Account):
            audit.record(Deed.SIGN_OUT, actor=request.user, subject=request.user, unit=request.user.unit)
        sessions.forget(request)
        logout(request, show_message=False)
        request.session.flush()
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    # Not "storage": the page has sent what was typed and wiped it before; elsewhere it may be all there is.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
