from allauth.account import views as allauth_views
from django.urls import include, path

from forum.accounts import key_views, views

app_name = "accounts"
urlpatterns = [
    path("join/", views.sign_up, name="sign_up"),
    path("account/", views.settings_page, name="settings"),
    path("account/key/", key_views.recovery_key, name="recovery_key"),
    path("account/key/file/", key_views.recovery_key_file, name="recovery_key_file"),
    path("account/key/new/", views.new_recovery_key, name="new_recovery_key"),
    path("account/recover/", views.recover, name="recover"),
    path("account/passphrase/", views.passphrase, name="passphrase"),
    path("account/sessions/end/", views.end_session, name="end_session"),
    path("account/unmute/", views.unmute, name="unmute"),
]

# Only those pages of allauth that Handrail has a use for; it finds them by these names.
allauth_patterns = [
    path("account/sign-in/", allauth_views.login, name="account_login"),
    path("account/sign-out/", allauth_views.logout, name="account_logout"),
    path("account/closed/", allauth_views.account_inactive, name="account_inactive"),
    path("account/again/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("account/2fa/", include("allauth.mfa.urls")),
]
