"""What identity providers answer, taken with care: signed, of one person, of the shape that was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jwt
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from allauth.socialaccount.providers.feishu.views import FeishuOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

# None of them takes the client's secret or nothing at all for the key.
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
# The last is what allauth raises for a number of the person that does not fit its column.
MALFORMED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, ImproperlyConfigured)


@contextmanager
def understood() -> Iterator[None]:
    """Turn what breaks on an answer of another shape into the refusal that allauth has a page for."""
    try:
        yield
    except MALFORMED as error:
        raise OAuth2Error("The provider's answer has another shape.") from error


class Careful:
    """The part of an adapter that reads answers; allauth trusts their shape."""

    def get_access_token_data(self, *args: Any, **facts: Any) -> dict[str, Any]:
        """Fetch the token."""
        with understood():
            return super().get_access_token_data(*args, **facts)  # type: ignore[misc, no-any-return]

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Read the token."""
        with understood():
            return super().parse_token(data)  # type: ignore[misc]

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **facts: Any
    ) -> SocialLogin:
        """Return whom the provider names. Raises: OAuth2Error when it names nobody."""
        with understood():
            login = super().complete_login(request, app, token, **facts)  # type: ignore[misc]
        uid = login.account.uid
        if not isinstance(uid, str) or not uid:
            raise OAuth2Error("The provider names nobody.")
        return login


class DingTalk(Careful, DingTalkOAuth2Adapter):
    """DingTalk's answers."""


class Feishu(Careful, FeishuOAuth2Adapter):
    """Feishu's answers."""


class OpenIDConnect(Careful, OpenIDConnectOAuth2Adapter):
    """The bureau's own provider, whose id token counts only with a signature by a key that it publishes.

    allauth leaves the signature alone where TLS protects the way; inside a house, that is not always so.
    """

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the provider's own description. Raises: OAuth2Error when it is none."""
        with understood():
            config: dict[str, Any] = super().openid_config
            if not all(isinstance(config[name], str) for name in ENDPOINTS):
                raise OAuth2Error("The provider's description of itself is incomplete.")
        return config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **facts: Any
    ) -> SocialLogin:
        """Return whom both answers name. Raises: OAuth2Error when they name two people, or one nobody."""
        login = super().complete_login(request, app, token, **facts)
        said = login.account.extra_data
        with understood():
            is_one = said["id_token"]["sub"] == said["userinfo"]["sub"]
        if not is_one:
            raise OAuth2Error("The id token and the facts about the person are of two.")
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            how = jwt.get_unverified_header(id_token).get("alg")
        except jwt.PyJWTError as error:
            raise OAuth2Error("The id token is none.") from error
        if how not in SIGNATURES:
            raise OAuth2Error("The id token is not signed by a published key.")
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        if not {"sub", "exp"} <= set(claims):
            raise OAuth2Error("The id token names nobody or has no end.")
        return claims
