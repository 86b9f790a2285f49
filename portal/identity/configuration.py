"""The libraries' settings for signing in, and the identity providers that the environment names."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from portal import environment

MATCHES = ("username", "email", "phone")
WORKING_WORDS = "units.password_rules"
BUILT_IN = "django.contrib.auth.password_validation"


def password_validators(policy: str, least: int, words: list[str]) -> list[dict[str, object]]:
    """Return the rules of one policy: `asvs` length and guesses, `mlps` kinds and history as well."""
    is_mlps = policy == "mlps"
    rules: list[dict[str, object]] = [
        {
            "NAME": f"{BUILT_IN}.UserAttributeSimilarityValidator",
            "OPTIONS": {"user_attributes": ("username", "name", "email", "phone")},
        },
        {"NAME": f"{BUILT_IN}.MinimumLengthValidator", "OPTIONS": {"min_length": least}},
        {"NAME": f"{BUILT_IN}.CommonPasswordValidator"},
        {"NAME": f"{WORKING_WORDS}.OrganisationWordsValidator", "OPTIONS": {"words": words}},
        {"NAME": f"{WORKING_WORDS}.FormerPasswordsValidator", "OPTIONS": {"n_last": 5 if is_mlps else 1}},
    ]
    if is_mlps:
        rules.append({"NAME": f"{WORKING_WORDS}.CharacterKindsValidator", "OPTIONS": {"least": 3}})
    return rules


def max_age_days(policy: str) -> int:
    """Return after how many days a policy asks for a new password; 0 for never."""
    return 90 if policy == "mlps" else 0


def identity_providers() -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the configured providers as allauth wants them; none where nothing is set.

    `match` names the field of Account that the provider's claim is compared with at the first sign-in.
    """
    configured: dict[str, dict[str, list[dict[str, Any]]]] = {}
    server_url = environment.address("OIDC_SERVER_URL", "", ("https", "http"))
    oidc = _app("OIDC", "username", extra={"server_url": server_url} if server_url else {})
    if bool(oidc) != bool(server_url):
        raise ImproperlyConfigured("OIDC_SERVER_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together.")
    if oidc:
        oidc |= {"provider_id": "sso", "name": environment.text("OIDC_NAME", "OpenID Connect")}
        configured["openid_connect"] = {"APPS": [oidc]}
    for code in ("dingtalk", "feishu"):
        app = _app(code.upper(), "phone", extra={})
        if app:
            configured[code] = {"APPS": [app]}
    return configured


def _app(prefix: str, match: str, *, extra: dict[str, str]) -> dict[str, Any]:
    client_id, secret = environment.text(f"{prefix}_CLIENT_ID"), environment.text(f"{prefix}_CLIENT_SECRET")
    match = environment.choice(f"{prefix}_MATCH", match, MATCHES)
    if bool(client_id) != bool(secret):
        raise ImproperlyConfigured(f"{prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET go together.")
    if not client_id:
        return {}
    return {
        "client_id": client_id,
        "secret": secret,
        "settings": {"match": match, "oauth_pkce_enabled": True, **extra},
    }


def library_settings(*, is_https: bool) -> dict[str, object]:
    """Return what the libraries are told: axes counts failures, in the database; allauth does the rest."""
    return {
        "AXES_FAILURE_LIMIT": 5,
        "AXES_COOLOFF_TIME": 0.25,  # hours
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "AXES_USERNAME_CALLABLE": "portal.sign_in.counted_name",
        "AXES_CLIENT_IP_CALLABLE": "portal.sign_in.counted_address",
        "AXES_LOCKOUT_TEMPLATE": "portal/locked_out.html",
        "AXES_RESET_ON_SUCCESS": True,
        # Who knocks at a locked door does not lock it for longer.
        "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
        "AXES_VERBOSE": False,
        "AXES_ENABLE_ADMIN": False,
        "AXES_DISABLE_ACCESS_LOG": True,
        "ACCOUNT_ADAPTER": "portal.identity.adapter.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_UNIQUE_EMAIL": False,
        # A school behind one address would shut itself out at 17:00 on Friday.
        "ACCOUNT_RATE_LIMITS": {"login": None, "login_failed": None, "reset_password": "60/m/ip,5/m/key"},
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_ON_GET": False,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "sign-in",
        "ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR": "django.contrib.auth.tokens.PasswordResetTokenGenerator",
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if is_https else "http",
        "MFA_ADAPTER": "portal.identity.factors.FactorAdapter",
        "MFA_FORMS": {
            "authenticate": "portal.identity.factors.CodeForm",
            "reauthenticate": "portal.identity.factors.CodeAgainForm",
            "authenticate_webauthn": "portal.identity.passkeys.PasskeyForm",
            "login_webauthn": "portal.identity.passkeys.PasskeySignInForm",
            "reauthenticate_webauthn": "portal.identity.passkeys.PasskeyAgainForm",
            "add_webauthn": "portal.identity.passkeys.PasskeyAddForm",
        },
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_RATE_LIMITS": {"webauthn_login": "60/m/ip"},
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not is_https,
        # Clocks of phones are off by seconds: the step before and the one after are taken, too.
        "MFA_TOTP_TOLERANCE": 1,
        "SOCIALACCOUNT_ADAPTER": "portal.identity.providers.ProviderAdapter",
        "SOCIALACCOUNT_AUTO_SIGNUP": False,
        # As a link: the content policy would stop a form that is led on to another host.
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        "USERSESSIONS_TRACK_ACTIVITY": False,
    }
