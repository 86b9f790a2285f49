"""Which webhook addresses the portal posts to: those of the allowed hosts and no other."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from units.rules import RuleError


def check_address(address: str) -> None:
    """Refuse an address that is not plainly one of an allowed host, when it is stored and when it is used.

    Raises: RuleError `robot_address` or `robot_host`.
    """
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in address):
        raise RuleError(
            "robot_address", _("The webhook address holds blanks or strange characters."), field="webhook"
        )
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise RuleError("robot_address", _("This is no web address."), field="webhook") from None
    if (
        parts.scheme != "https"
        or parts.username is not None
        or parts.password is not None
        or port not in (None, 443)
    ):
        raise RuleError(
            "robot_address",
            _("Write the address as the group shows it: https://, without a name or a port of its own."),
            field="webhook",
        )
    host = parts.hostname or ""
    if _is_number(host) or host not in settings.ROBOT_HOSTS:
        raise RuleError(
            "robot_host",
            _("The portal does not post to %(host)s; allowed are %(hosts)s.")
            % {"host": host or "—", "hosts": ", ".join(settings.ROBOT_HOSTS)},
            field="webhook",
        )


def _is_number(host: str) -> bool:
    """Say whether a host is written as a number: those name machines inside as easily as outside."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
