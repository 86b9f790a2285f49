"""Passkeys: added, removed, and used alone or as the second step."""

from __future__ import annotations

from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from portal.identity.adapter import note_failure
from portal.identity.factors import Audited, FactorAdapter
from units.texts import tidy_line

# What fido2 raises for JSON that no browser sends; allauth passes some of it on, which ended in a 500.
MALFORMED = (AttributeError, KeyError, TypeError, ValueError)


class Parsed:
    """A form whose credential may be any JSON, sent by anybody."""

    def clean_credential(self) -> Any:
        """Return what allauth makes of it. Raises: ValidationError when it is no credential."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MALFORMED as error:
            raise _refusal() from error


class PasskeyForm(Parsed, AuthenticateWebAuthnForm):
    """Turns a passkey's answer into proof of a second factor."""


class PasskeyAgainForm(Parsed, ReauthenticateWebAuthnForm):
    """Turns a passkey's answer into proof that the person is still there."""


class PasskeySignInForm(Parsed, LoginWebAuthnForm):
    """Turns a passkey's answer into the account that it belongs to."""


class PasskeyAddForm(AddWebAuthnForm):
    """Turns a new passkey's answer into what is stored of it."""

    def clean_name(self) -> str:
        """Return what the person calls the passkey, tidied."""
        return tidy_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """Check the answer. Raises: ValidationError when it is no credential."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except MALFORMED as error:
            raise _refusal() from error
        return cleaned


class PasskeyAddView(Audited, AddWebAuthnView):
    """Adds a passkey or a security key."""

    step = "passkey added"


class PasskeyRemoveView(Audited, RemoveWebAuthnView):
    """Removes a passkey."""

    step = "passkey removed"

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it unless it is the last factor of somebody who needs one."""
        if not FactorAdapter().can_delete_authenticator(self.get_object()):
            form.add_error(None, FactorAdapter().validation_error("cannot_delete_authenticator"))
            refusal: HttpResponse = self.form_invalid(form)
            return refusal
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class PasskeySignInView(LoginWebAuthnView):
    """Signs in by a passkey alone, which is two factors in one: the device, and who unlocks it."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in and lead on to where the person was going."""
        key = form.cleaned_data["credential"]
        login = Login(user=key.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = perform_passwordless_login(self.request, key, login)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Write the failed attempt down."""
        note_failure(None, way="passkey")
        response: HttpResponse = super().form_invalid(form)
        return response


def _refusal() -> ValidationError:
    return ValidationError(
        _("This is no passkey of the account. Try again, or use another way."), code="no_passkey"
    )
