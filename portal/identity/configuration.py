"""The libraries' settings for signing in, and the identity providers that the environment names."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from portal import environment

App = dict[str, Any]
LIBRARY_APPS = (
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.dingtalk",
    "allauth.socialaccount.providers.feishu",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
)
MATCHES = ("username", "email", "phone")
WORKING_WORDS = "units.password_rules"
BUILT_IN = "django.contrib.auth.password_validation"


def password_validators(policy: str) -> list[dict[str, object]]:
    """Return the rules of one policy: `asvs` length and guesses, `mlps` kinds and history as well."""
    is_mlps = policy == "mlps"
    least = environment.number("PASSWORD_MIN_LENGTH", 12, least=8, most=64)
    words = environment.words("PASSWORD_WORDS", [])
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


def identity_providers() -> dict[str, dict[str, list[App]]]:
    """Return the configured providers as allauth wants them; none where nothing is set.

    `match` names the field of Account that the provider's claim is compared with at the first sign-in.
    Raises: ImproperlyConfigured for half a configuration.
    """
    apps = {"openid_connect": _openid_connect(), "dingtalk": _dingtalk(), "feishu": _feishu()}
    return {code: {"APPS": [app]} for code, app in apps.items() if app}


def _openid_connect() -> App:
    server_url = environment.address("OIDC_SERVER_URL", "", ("https", "http"))
    match = environment.choice("OIDC_MATCH", "username", MATCHES)
    name = environment.text("OIDC_NAME", "OpenID Connect")
    app = _app("OIDC", environment.text("OIDC_CLIENT_ID"), environment.text("OIDC_CLIENT_SECRET"), match)
    if bool(app) != bool(server_url):
        raise ImproperlyConfigured("OIDC_SERVER_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together.")
    if app:
        app["settings"] |= {"server_url": server_url, "oauth_pkce_enabled": True}
        app |= {"provider_id": "sso", "name": name}
    return app


def _dingtalk() -> App:
    match = environment.choice("DINGTALK_MATCH", "phone", MATCHES)
    client_id = environment.text("DINGTALK_CLIENT_ID")
    return _app("DINGTALK", client_id, environment.text("DINGTALK_CLIENT_SECRET"), match)


def _feishu() -> App:
    match = environment.choice("FEISHU_MATCH", "phone", MATCHES)
    client_id = environment.text("FEISHU_CLIENT_ID")
    return _app("FEISHU", client_id, environment.text("FEISHU_CLIENT_SECRET"), match)


def _app(prefix: str, client_id: str, secret: str, match: str) -> App:
    if bool(client_id) != bool(secret):
        raise ImproperlyConfigured(f"{prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET go together.")
    return {"client_id": client_id, "secret": secret, "settings": {"match": match}} if client_id else {}


def library_settings(*, is_https: bool) -> dict[str, object]:
    """Return what the libraries are told: axes counts failures, in the database; allauth does the rest."""
    return {**_counting(), **_accounts(is_https=is_https), **_factors(is_https=is_https)}


def _counting() -> dict[str, object]:
    return {
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.Argon2PasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
            "units.first_passwords.FirstPasswordHasher",
        ],
        "PASSWORD_RESET_TIMEOUT": 60 * 60,
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
    }


def _accounts(*, is_https: bool) -> dict[str, object]:
    return {
        "ACCOUNT_ADAPTER": "portal.identity.adapter.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_UNIQUE_EMAIL": False,
        # A school behind one address would shut itself out at 17:00 on Friday.
        "ACCOUNT_RATE_LIMITS": {"login": None, "login_failed": None, "reset_password": "60/m/ip,5/m/key"},
        # So long a proof of who sits there is fresh: the sign-in, or the password or code given since.
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 60 * environment.number("PROOF_MINUTES", 15, least=1, most=60),
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_ON_GET": False,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "sign-in",
        "ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR": "django.contrib.auth.tokens.PasswordResetTokenGenerator",
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if is_https else "http",
        "SOCIALACCOUNT_ADAPTER": "portal.identity.providers.ProviderAdapter",
        "SOCIALACCOUNT_AUTO_SIGNUP": False,
        # As a link: the content policy would stop a form that is led on to another host.
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        "USERSESSIONS_TRACK_ACTIVITY": False,
    }


def _factors(*, is_https: bool) -> dict[str, object]:
    return {
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
    }
