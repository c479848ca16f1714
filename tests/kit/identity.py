"""An OpenID Connect provider on the loopback address: discovery, keys, codes and signed identity tokens, all real."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "oblik-test"
SECRET = "a-secret-between-the-two"


@cache
def _key(whose: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Provider:
    """Who is signed in at the provider, and how its next token is to be made; `forge` makes false ones."""

    address: str = ""
    subject: str = "sub-of-ihor"
    email: str = "ihor@example.org"
    email_verified: bool = True
    forge: str = ""  # "", "key", "none", "audience", "issuer", "expired", "secret", "garbage", "missing"
    key: rsa.RSAPrivateKey = field(default_factory=lambda: _key("own"))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    wrong_requests: list[str] = field(default_factory=list)

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "first", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes next: back with a code, as if somebody had typed the right password here."""
        if asked.get("client_id") != CLIENT or asked.get("code_challenge_method") != "S256" or not asked.get("state"):
            self.wrong_requests.append(f"authorize: {asked}")
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str], *, authorization: str) -> dict[str, Any] | None:
        known = self.codes.pop(asked.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(asked.get("code_verifier", "").encode()).digest())
        basic = f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"
        is_client = authorization == basic or asked.get("client_secret") == SECRET
        if known is None or not is_client or challenge.decode().rstrip("=") != known.get("code_challenge"):
            self.wrong_requests.append(f"token: {asked}")
            return None
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 60}
        return answer if self.forge == "missing" else answer | {"id_token": self._identity()}

    def _identity(self) -> str:
        now = int(time.time())
        claims = {
            "iss": "https://elsewhere.example.org" if self.forge == "issuer" else self.address,
            "aud": "another-client" if self.forge == "audience" else CLIENT,
            "sub": self.subject,
            "email": self.email,
            "email_verified": self.email_verified,
            "name": "Ігор Слідчий",
            "iat": now - 600 if self.forge == "expired" else now,
            "exp": now - 300 if self.forge == "expired" else now + 300,
        }
        head = {"kid": "first"}
        if self.forge == "garbage":
            return "not.a.token"
        if self.forge == "none":
            return jwt.encode(claims, key=None, algorithm="none", headers=head)
        if self.forge == "secret":
            return jwt.encode(claims, key=SECRET * 2, algorithm="HS256", headers=head)
        key = _key("another's") if self.forge == "key" else self.key
        return jwt.encode(claims, key=key, algorithm="RS256", headers=head)


@contextmanager
def identity_provider() -> Iterator[Provider]:
    """A provider that answers until the test ends."""
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/.well-known/openid-configuration":
                self._say(provider.configuration())
            elif parts.path == "/keys":
                self._say(provider.keys())
            elif parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            asked = {name: values[0] for name, values in parse_qs(body).items()}
            answer = provider.token(asked, authorization=self.headers.get("Authorization", ""))
            self._say(answer if answer is not None else {"error": "invalid_grant"}, status=200 if answer else 400)

        def _say(self, value: object, *, status: int = 200) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nothing: a test's output is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
