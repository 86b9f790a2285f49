"""The addresses of a person's own account, written out; only those of allauth that the portal needs."""

from allauth.account.views import account_inactive, reauthenticate
from allauth.mfa.base.views import authenticate
from allauth.mfa.base.views import reauthenticate as code_again
from allauth.mfa.recovery_codes.views import download_recovery_codes, view_recovery_codes
from allauth.mfa.webauthn.views import edit_webauthn, reauthenticate_webauthn
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.urls import path, re_path

from portal.identity import factors, passkeys, passwords, sessions
from portal.identity.providers import offered

urlpatterns = [
    path("closed/", account_inactive, name="account_inactive"),
    path("confirm/", reauthenticate, name="account_reauthenticate"),
    path("password/", passwords.PasswordPage.as_view(), name="account_change_password"),
    path("password/forgotten/", passwords.password_forgotten, name="account_reset_password"),
    path("password/on-its-way/", passwords.password_on_its_way, name="account_reset_password_done"),
    # A converter would take the key's hyphens for the one after the account's number.
    re_path(
        r"^password/link/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        passwords.PasswordByLinkPage.as_view(),
        name="account_reset_password_from_key",
    ),
    path("password/is-set/", passwords.password_is_set, name="account_reset_password_from_key_done"),
    path("security/", factors.FactorsView.as_view(), name="mfa_index"),
    path("security/", factors.FactorsView.as_view(), name="mfa_list_webauthn"),
    path("security/code/", authenticate, name="mfa_authenticate"),
    path("security/code/confirm/", code_again, name="mfa_reauthenticate"),
    path("security/app/add/", factors.TotpAddView.as_view(), name="mfa_activate_totp"),
    path("security/app/remove/", factors.TotpRemoveView.as_view(), name="mfa_deactivate_totp"),
    path("security/passkeys/add/", passkeys.PasskeyAddView.as_view(), name="mfa_add_webauthn"),
    path("security/passkeys/confirm/", reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("security/passkeys/sign-in/", passkeys.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("security/passkeys/<int:pk>/name/", edit_webauthn, name="mfa_edit_webauthn"),
    path(
        "security/passkeys/<int:pk>/remove/", passkeys.PasskeyRemoveView.as_view(), name="mfa_remove_webauthn"
    ),
    path("security/recovery-codes/", view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "security/recovery-codes/renew/", factors.CodesRenewView.as_view(), name="mfa_generate_recovery_codes"
    ),
    path("security/recovery-codes/file/", download_recovery_codes, name="mfa_download_recovery_codes"),
    path("sessions/", sessions.session_list, name="session-list"),
    path("sessions/<int:pk>/end/", sessions.session_end, name="session-end"),
    path("sessions/end-others/", sessions.others_end, name="session-end-others"),
    path("with/dingtalk/", offered("dingtalk", OAuth2LoginView), name="dingtalk_login"),
    path("with/dingtalk/back/", offered("dingtalk", OAuth2CallbackView), name="dingtalk_callback"),
    path("with/feishu/", offered("feishu", OAuth2LoginView), name="feishu_login"),
    path("with/feishu/back/", offered("feishu", OAuth2CallbackView), name="feishu_callback"),
    path(
        "with/oidc/<slug:provider_id>/",
        offered("openid_connect", OAuth2LoginView),
        name="openid_connect_login",
    ),
    path(
        "with/oidc/<slug:provider_id>/back/",
        offered("openid_connect", OAuth2CallbackView),
        name="openid_connect_callback",
    ),
]
