"""Signing in with an OpenID Connect provider: whatever it says is believed only under its signature."""

from typing import Any, Final

import jwt
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

# Signatures with a key pair. Not HS256, whose key would be the client's secret, and not "none".
_ALGORITHMS: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"})


class SignedOpenId(OpenIDConnectOAuth2Adapter):
    """allauth trusts an identity token that came over TLS; inside a city's network plain HTTP is not unheard of."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("the provider sent no identity token")
        login: SocialLogin = super().complete_login(request, app, token, **kwargs)
        login.account.extra_data = {}  # names and pictures of people are the provider's business
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            if jwt.get_unverified_header(id_token).get("alg") not in _ALGORITHMS:
                raise OAuth2Error("the identity token is signed in a way that is not accepted")
            claims: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as wrong:
            raise OAuth2Error("the identity token cannot be read") from wrong
        return claims


def leave_for_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sends the browser to the provider."""
    _require_provider()
    answer: HttpResponse = OAuth2LoginView.adapter_view(SignedOpenId(request, provider_id))(request)
    return answer


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Takes the provider's answer."""
    _require_provider()
    answer: HttpResponse = OAuth2CallbackView.adapter_view(SignedOpenId(request, provider_id))(request)
    return answer


def _require_provider() -> None:
    if not settings.OBLIK_OIDC_SERVER:
        raise Http404
