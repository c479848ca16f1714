"""Which page of signing in and of the own account answers which address; allauth finds them by the names it gave."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as foreign
from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from oblik.web.desk import openid, people, profile, signin

urlpatterns = [
    path("sign-in/", signin.SignIn.as_view(), name="signin"),
    path("sign-in/", signin.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", factor.authenticate, name="mfa_authenticate"),
    path("sign-in/off/", account.account_inactive, name="account_inactive"),
    path("sign-in/failed/", foreign.login_error, name="socialaccount_login_error"),
    path("sign-in/cancelled/", foreign.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/with/oidc/", openid.leave_for_provider, {"provider_id": "oidc"}, name="openid_connect_login"),
    path("sign-in/with/oidc/done/", openid.come_back, {"provider_id": "oidc"}, name="openid_connect_callback"),
    path("sign-out/", LogoutView.as_view(), name="signout"),
    path("sign-out/", LogoutView.as_view(), name="account_logout"),
    path("password/lost/", account.password_reset, name="account_reset_password"),
    path("password/lost/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/set/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("me/password/", account.password_change, name="account_change_password"),
    path("me/again/", account.reauthenticate, name="account_reauthenticate"),
    path("me/again/code/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("me/again/key/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("me/second-factor/", signin.SecondFactors.as_view(), name="mfa_index"),
    path("me/second-factor/", signin.SecondFactors.as_view(), name="mfa_list_webauthn"),
    path("me/second-factor/app/", signin.AddApp.as_view(), name="mfa_activate_totp"),
    path("me/second-factor/app/remove/", signin.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("me/second-factor/keys/add/", signin.AddKey.as_view(), name="mfa_add_webauthn"),
    path("me/second-factor/keys/<int:pk>/remove/", signin.RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("me/second-factor/keys/<int:pk>/name/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("me/second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/second-factor/codes/new/", signin.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("me/", profile.account, name="profile"),
    path("me/", profile.account, name="account_set_password"),
    path("me/sessions/end/", profile.end_sessions, name="end-sessions"),
    path("me/address/", profile.address, name="own-address"),
    path("me/address/<str:key>/", profile.confirm, name="confirm-address"),
    path("people/", people.every, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<str:username>/", people.person, name="person"),
    path("invitation/<str:secret>/", people.invitation, name="invitation"),
]
