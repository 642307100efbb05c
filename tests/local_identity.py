"""An identity provider on this machine: discovery, keys, codes for tokens that are really signed.

A test plays the browser between the two: `identity.goes_by(answer)` follows our redirection there and says
where it leads back to. What the provider says, and what it gets wrong, the test sets beforehand.
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from config.identity import IdentityProvider
from tests.local_web import Handler, LocalWeb, running

CLIENT, SECRET = "controluce", "un segreto: di prova"


@cache
def key(name: str = "one") -> RSAPrivateKey:
    """To make one takes a tenth of a second: each is made once."""
    return generate_private_key(public_exponent=65537, key_size=2048)


class _Tokens(Handler):
    server: LocalIdentity

    def do_GET(self) -> None:
        """A browser that comes to sign in goes back at once, signed in."""
        if not self.path.startswith("/authorize?"):
            return super().do_GET()
        asked = {name: one[0] for name, one in parse_qs(urlsplit(self.path).query).items()}
        self.send_response(302)
        self.send_header("Location", self.server.back_from(asked))
        self.end_headers()

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        status, said = self.server.exchange({name: one[0] for name, one in form.items()}, self.headers)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())


class LocalIdentity(LocalWeb):
    def __init__(self) -> None:
        super().__init__()
        self.RequestHandlerClass = _Tokens
        #: What the token says of who signs in there; and what it says of itself that it should not.
        self.claims: dict[str, Any] = {"sub": "7f3a", "groups": []}
        self.amiss: dict[str, Any] = {}
        #: What it signs with, and under which name.
        self.signs_with: Any = key()
        self.algorithm, self.key_name = "RS256", "k1"
        #: The codes that were given out, with what was asked.
        self.asked_for: dict[str, dict[str, str]] = {}
        self.says("/.well-known/openid-configuration", self.discovery())
        public = json.loads(RSAAlgorithm.to_jwk(key().public_key())) | {"kid": "k1", "use": "sig"}
        self.says("/keys", {"keys": [public]})

    @property
    def issuer(self) -> str:
        return self.url("")

    def discovery(self, **other: Any) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.url("/authorize"),
            "token_endpoint": self.url("/token"),
            "jwks_uri": self.url("/keys"),
        } | other

    def says(self, path: str, what: Any) -> None:
        self.serve(path, json.dumps(what), content_type="application/json")

    def settings(self, **given: Any) -> IdentityProvider:
        told = {
            "issuer": self.issuer,
            "client_id": CLIENT,
            "secret": SECRET,
            "name": "Casa",
            "roles": {"redazione": "Editor", "verifica": "Checker", "cn=cronaca,ou=casa": "Reporter"},
            "networks": ("127.0.0.2/32",),
        }
        return IdentityProvider(**(told | given))

    def goes_by(self, answer: Any, **other: str) -> str:
        """The address that leads back to us, of somebody who signed in there."""
        assert answer.status_code == 302, answer.status_code
        there = urlsplit(answer.headers["Location"])
        assert there._replace(query="").geturl() == self.url("/authorize")
        asked = {name: one[0] for name, one in parse_qs(there.query).items()}
        back = urlsplit(self.back_from(asked, **other))
        return f"{back.path}?{back.query}"

    def back_from(self, asked: dict[str, str], **other: str) -> str:
        """Where a browser is sent that came with what we ask."""
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT
        code = secrets.token_urlsafe(8)
        self.asked_for[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']} | other)}"

    def exchange(self, form: dict[str, str], headers: Any) -> tuple[int, dict[str, Any]]:
        asked = self.asked_for.pop(form.get("code", ""), None)
        kind, _blank, said = headers.get("Authorization", "").partition(" ")
        who = b64decode(said).decode() if kind == "Basic" else ""
        proof = (
            urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        )
        if (
            asked is None
            or form["redirect_uri"] != asked["redirect_uri"]
            or unquote(who) != f"{CLIENT}:{SECRET}"
            or (asked["code_challenge_method"], asked["code_challenge"]) != ("S256", proof)
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": "a-token",
            "token_type": "Bearer",
            "id_token": self.token(asked.get("nonce", "")),
        }

    def token(self, nonce: str) -> str:
        moment = int(time.time())
        own = {"iss": self.issuer, "aud": CLIENT, "iat": moment, "exp": moment + 300, "nonce": nonce}
        said = {name: one for name, one in (own | self.claims | self.amiss).items() if one is not None}
        return jwt.encode(said, self.signs_with, self.algorithm, headers={"kid": self.key_name})


@contextmanager
def local_identity() -> Iterator[LocalIdentity]:
    with running(LocalIdentity()) as identity:
        yield identity
