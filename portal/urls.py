"""Every address of the portal, written out."""

from django.contrib import admin
from django.urls import include, path

from portal import health, invitation, own_account, preferences, sign_in, views
from reports.records import type_preview
from units import people

urlpatterns = [
    path("", views.start, name="start"),
    path("sign-in/", sign_in.SignInView.as_view(), name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    # The names by which allauth knows the same two pages.
    path("sign-in/", sign_in.SignInView.as_view(), name="socialaccount_login_cancelled"),
    path("sign-in/", sign_in.SignInView.as_view(), name="account_login"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("account/", own_account.own_account, name="account"),
    path("account/invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("account/", include("portal.identity.urls")),
    path("units/<int:pk>/people/", people.unit_people, name="unit-people"),
    path("language/", preferences.set_language, name="set-language"),
    path("campaigns/<int:pk>/choose/", preferences.choose_campaign, name="campaign-choose"),
    path("records/", include("reports.records.urls")),
    path("periods/", include("reports.campaigns.urls")),
    path("weekly/", include("reports.weekly.urls")),
    path("statistics/", include("reports.statistics.urls")),
    path("units/", include("units.urls")),
    path("digests/", include("reports.digests.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("admin/digests/preview/", include("reports.digests.preview_urls")),
    path("admin/reorganisation/", include("reports.reorganisation.urls")),
    path(
        "admin/campaigns/activitytype/preview/",
        admin.site.admin_view(type_preview.type_preview),
        name="type-preview",
    ),
    path("admin/", admin.site.urls),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"
