"""The form of one robot: its address and secret go in and never come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.digests.models import Robot
from reports.digests.models.robot import N_SHOWN
from reports.digests.robots.hosts import check_address
from units.rules import RuleError

if TYPE_CHECKING:
    RobotModelForm = forms.ModelForm[Robot]
else:
    RobotModelForm = forms.ModelForm


class RobotForm(RobotModelForm):
    """A robot; an address or secret that is left empty stays what it is."""

    webhook = forms.CharField(
        label=_("webhook address"),
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("As the group shows it when the robot is added. It is stored and never shown again."),
    )
    signing = forms.CharField(
        label=_("signing secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Where DingTalk or Feishu gave one. It is stored and never shown again."),
    )

    class Meta:
        model = Robot
        fields = ("team", "kind", "language", "is_enabled")

    def clean_webhook(self) -> str:
        """Refuse an address that is not one of an allowed host, and a robot without any."""
        address: str = self.cleaned_data["webhook"].strip()
        if not address:
            if not self.instance.address:
                raise forms.ValidationError(_("A robot needs its webhook address."))
            return ""
        try:
            check_address(address)
        except RuleError as error:
            raise forms.ValidationError(str(error.message)) from None
        known = Robot.objects.filter(address=address).exclude(pk=self.instance.pk)
        if known.exists():
            raise forms.ValidationError(_("This robot is known already."))
        return address

    def _post_clean(self) -> None:
        """Put what was written into the row, before its constraints are asked."""
        written: dict[str, Any] = getattr(self, "cleaned_data", {})
        if address := written.get("webhook"):
            self.instance.address, self.instance.ending = address, address[-N_SHOWN:]
        if secret := written.get("signing"):
            self.instance.secret = secret
        super()._post_clean()  # type: ignore[misc]
