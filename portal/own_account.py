"""The page of one's own account: who I am here, what I may do, and what I may set myself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.preferences import remember_language
from units import entitlements, registry
from units.models import Account
from units.phones import is_phone, tidy_phone
from units.signed_in import person

if TYPE_CHECKING:
    Form = forms.ModelForm[Account]
else:
    Form = forms.ModelForm


class OwnForm(Form):
    """What a person says about themselves; name, unit and roles are the bureau's to say."""

    class Meta:
        model = Account
        fields = ("phone", "email", "language", "wants_digest")
        labels = {"email": gettext_lazy("E-mail")}

    def clean_phone(self) -> str:
        """Return the number in plain digits."""
        phone = tidy_phone(self.cleaned_data["phone"])
        if phone and not is_phone(phone):
            raise ValidationError(_("This is no phone number: write digits only."), code="phone_wrong")
        return phone


def touches_identity(request: HttpRequest) -> bool:
    """Say whether the request changes the address or the phone, by which others recognise the person."""
    account = person(request)
    return request.method == "POST" and any(
        request.POST.get(name, "") != getattr(account, name) for name in ("email", "phone")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(enabled=touches_identity)
def own_account(request: HttpRequest) -> HttpResponse:
    """Show the person's own account and take what they change of it.

    Another address or phone asks for the password again when the last proof is some minutes old: whoever
    sits down at an open session could else lead the mail with the link to a new password to themselves.
    """
    account = person(request)
    form = OwnForm(request.POST or None, instance=Account.objects.get(pk=account.pk))
    if request.method == "POST" and form.is_valid():
        registry.amend(form.instance, form.changed_data, actor=account, unit=account.unit)
        messages.success(request, _("Your account is as you set it."))
        return remember_language(redirect("account"), form.instance.language)
    context = {"form": form, "account": account, "entitled": entitlements.of(account)}
    return render(request, "portal/account.html", context)
