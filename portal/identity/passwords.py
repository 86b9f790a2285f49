"""The pages on which a person changes a password, or gets a new one by mail."""

from __future__ import annotations

from allauth.account.views import PasswordChangeView, PasswordResetFromKeyView
from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from portal.identity import reset_mails, sessions
from units import passwords
from units.models import Account
from units.text_fields import LineText


class ForgottenForm(forms.Form):
    """Turns what the person types into the name or address to look for."""

    name = LineText(
        label=_("Sign-in name or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )


@login_not_required
@never_cache
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Mail a link to whoever has this name and an address; the answer is the same for everybody."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["name"]
        refusal: HttpResponse | None = ratelimit.consume_or_429(
            request, action="reset_password", key=typed.casefold()
        )
        if refusal is not None:
            return refusal
        reset_mails.send_link(typed)
        return redirect("account_reset_password_done")
    return render(request, "identity/password_forgotten.html", {"form": form})


@login_not_required
def password_on_its_way(request: HttpRequest) -> HttpResponse:
    """Say what happens next, whoever asked."""
    return render(request, "identity/password_on_its_way.html")


@login_not_required
def password_is_set(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page with the new password."""
    return render(request, "identity/password_is_set.html")


class PasswordPage(PasswordChangeView):
    """Changes the password of the person who knows the present one; all other sessions end."""

    template_name = "identity/password_change.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Send whoever has no password, because another provider signs them in, to the other proofs."""
        if isinstance(request.user, Account) and not request.user.has_usable_password():
            return redirect("mfa_index")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add why the change is asked for, and the rules."""
        account = self.request.user
        is_due = isinstance(account, Account) and passwords.must_change(account, timezone.now())
        return {
            **super().get_context_data(**kwargs),
            "is_due": is_due,
            "max_age_days": settings.PASSWORD_MAX_AGE_DAYS,
            "rules": password_validators_help_texts(),
        }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Change it and end the account's other sessions."""
        response: HttpResponse = super().form_valid(form)
        sessions.end_others(self.request, reason="password changed")
        return response


class PasswordByLinkPage(PasswordResetFromKeyView):
    """Sets a new password for whoever holds the link from the mail."""

    template_name = "identity/password_by_link.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the rules."""
        return {**super().get_context_data(**kwargs), "rules": password_validators_help_texts()}
