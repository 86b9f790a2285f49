"""Second factors: codes of an authenticator app and recovery codes, each step written down."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from axes.backends import AxesStandaloneBackend
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from portal.identity.adapter import note_failure
from portal.identity.gates import has_factor, needs_factor
from units import audit, notices
from units.models import Account, Deed


class FactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted and names the person as the portal does."""

    def get_totp_label(self, user: Account) -> str:
        """Return the sign-in name: it stands in the person's app, beside those of other places."""
        return user.username

    def get_totp_issuer(self) -> str:
        """Return the portal's name."""
        return str(settings.PORTAL_NAME)

    def encrypt(self, text: str) -> str:
        """Return the text so that the database alone does not tell it."""
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the plain text; a key that has been replaced still opens what it locked."""
        return _lock().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Say no to giving up the last factor where one is required."""
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        others = Authenticator.objects.filter(user=authenticator.user, type__in=kinds).exclude(
            pk=authenticator.pk
        )
        return not needs_factor(authenticator.user) or others.exists()


class Throttled:
    """A form for a code whose failures count with those of the password: five, and the account is locked."""

    def clean_code(self) -> str:
        """Return the right code, refuse the wrong one and count it.

        Raises: AxesBackendPermissionDenied when the account is locked, which AxesMiddleware answers.
        """
        request, user = context.request, self.user  # type: ignore[attr-defined]
        credentials = {"username": user.username}
        # Checks the lock alone.
        AxesStandaloneBackend().authenticate(request, password="", **credentials)
        try:
            return str(super().clean_code())  # type: ignore[misc]
        except ValidationError:
            note_failure(user, way="code")
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise


class CodeForm(Throttled, AuthenticateForm):
    """Turns the code typed at sign-in into proof of a second factor."""


class CodeAgainForm(Throttled, ReauthenticateForm):
    """Turns the code typed before a delicate step into proof that the person is still there."""


class FactorsView(IndexView):
    """Shows what proves that the person is who they are, and what is missing."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether a second factor is owed."""
        account = self.request.user
        is_owed = isinstance(account, Account) and needs_factor(account) and not has_factor(account)
        return {**super().get_context_data(**kwargs), "is_factor_missing": is_owed}


class Audited:
    """A page whose success changes a second factor: `step` goes into the audit trail with it."""

    step = ""
    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """Change and write down, or neither."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            account = self.request.user
            if isinstance(account, Account):
                changes = {"step": self.step}
                entry = audit.record(
                    Deed.FACTOR, actor=account, subject=account, unit=account.unit, changes=changes
                )
                notices.tell(account, entry)
        return response


class TotpAddView(Audited, ActivateTOTPView):
    """Adds an authenticator app."""

    step = "totp added"


class TotpRemoveView(Audited, DeactivateTOTPView):
    """Removes the authenticator app."""

    step = "totp removed"


class CodesRenewView(Audited, GenerateRecoveryCodesView):
    """Replaces the recovery codes."""

    step = "recovery codes renewed"


def _lock() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factor:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
