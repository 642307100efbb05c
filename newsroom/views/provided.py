"""Signing in by the identity provider: there with what only this browser and this attempt have, and back.

django-allauth leads: state, PKCE, the code for a token. It believes what it fetched itself; here the token is
proved all the same, so that one that was signed by somebody else, or for somebody else, or before, opens
nothing: signature, issuer, audience, times, and the nonce of this attempt. What it says is then a matter for
a deed (actions/admitting.py), and the person for the same stages as after a password.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from datetime import timedelta
from typing import Any

import jwt
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe
from requests import RequestException

from newsroom.actions.admitting import Outcome, Said, admit

from .access import desk_page

log = logging.getLogger("newsroom.signing_in")

#: With keys that are two: who can read a token can make none.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
#: Characters of what the provider calls somebody by.
LONGEST = SocialAccount._meta.get_field("uid").max_length
#: Seconds that two clocks may be apart.
LEEWAY = 60
#: Seconds within which somebody has to have signed in there, if they are to prove again who they are.
AGAIN = 300


@require_safe
@never_cache
def provider_sign_in(request: HttpRequest, *, again: bool = False) -> HttpResponse:
    """To the provider. `again`: who is signed in there types it once more."""
    provider = _Provider.of(request)
    nonce = secrets.token_urlsafe(32)
    asks = {"nonce": nonce} | ({"max_age": "0"} if again else {})
    try:
        answer: HttpResponse = provider.redirect(
            request, "login", next_url=_there(request), auth_params=asks, nonce=nonce, again=again
        )
    except (RequestException, OAuth2Error) as fault:
        return came_to_nothing(request, AuthError.UNKNOWN, fault)
    return answer


@require_safe
@never_cache
@sensitive_variables()
def provider_callback(request: HttpRequest) -> HttpResponse:
    """Back from it, with a code or with an error."""
    if settings.OIDC and request.GET.get("iss", settings.OIDC.issuer) != settings.OIDC.issuer:
        return came_to_nothing(request, AuthError.UNKNOWN, OAuth2Error("Another issuer answered."))
    try:
        answer: HttpResponse = _Back.adapter_view(_Client(request))(request)
    except (RequestException, OAuth2Error) as fault:
        # Before it asks for the token; what comes after, the library tells by the same page.
        return came_to_nothing(request, AuthError.UNKNOWN, fault)
    return answer


def came_to_nothing(request: HttpRequest, error: Any, fault: Exception | None) -> HttpResponse:
    """The page that says so. What was wrong with an answer is for the log: nobody who waits can mend it."""
    if error == AuthError.CANCELLED:
        return _page(request, _("You did not sign in there. Nothing happened."), status=403)
    if isinstance(fault, RequestException):
        log.warning("The identity provider was not reached: %s", fault)
        return _page(request, _("%(provider)s does not answer. Wait a moment, and try again."), status=503)
    if fault is not None:
        log.warning("What the identity provider answered was not believed: %s", fault)
        return _page(request, _("What %(provider)s answered could not be believed."), status=403)
    return _page(
        request, _("This sign-in was begun too long ago, in another browser, or not by you."), status=400
    )


_REFUSALS = {
    Outcome.NO_ROLE: lambda: _("None of your groups at %(provider)s gives you a role in this newsroom."),
    Outcome.LEFT: lambda: _("This newsroom has ended your access."),
    Outcome.TAKEN: lambda: _(
        "An account of this newsroom has your e-mail address already, and %(provider)s does not prove that "
        "it is yours."
    ),
}


class _Provider(OpenIDConnectProvider):
    """The one of the settings; no row describes it."""

    pkce_enabled_default = True

    @classmethod
    def of(cls, request: HttpRequest) -> _Provider:
        told = settings.OIDC
        if told is None:
            raise Http404
        app = SocialApp(
            provider=cls.id,
            provider_id=told.issuer,
            name=told.name[:40],
            client_id=told.client_id,
            secret=told.secret,
            settings={"server_url": told.issuer.rstrip("/"), "scope": list(told.scopes)},
        )
        return cls(request, app=app)

    def get_oauth2_adapter(self, request: HttpRequest) -> _Client:
        return _Client(request)


class _Back(OAuth2CallbackView):
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state
        return state, answer


class _Client(OpenIDConnectOAuth2Adapter):
    #: What was put down when this attempt began.
    state: dict[str, Any] | None = None

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, provider_id=None)

    def get_provider(self) -> _Provider:
        return _Provider.of(self.request)

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """One address in whatever language: the provider knows it letter by letter."""
        with translation.override(settings.LANGUAGE_CODE):
            return request.build_absolute_uri(reverse("provider_callback"))

    @property
    def openid_config(self) -> dict[str, Any]:
        """What it says of itself. Who speaks for another issuer is refused."""
        if not hasattr(self, "_openid_config"):
            with get_adapter().get_requests_session() as session:
                said = _object(session.get(self.get_provider().server_url))
            if said.get("issuer") != settings.OIDC.issuer:
                raise OAuth2Error("It calls itself by another name than the settings do.")
            for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not isinstance(said.get(endpoint), str):
                    raise OAuth2Error(f"It does not say where its {endpoint} is.")
            # What the standard takes for said if nothing is.
            said.setdefault("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            self._openid_config = said
        return self._openid_config

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            said = super().get_access_token_data(*args, **kwargs)
        except (KeyError, TypeError, ValueError) as fault:
            raise OAuth2Error("What it gave for the code is nothing.") from fault
        if not isinstance(said, dict):
            raise OAuth2Error("What it gave for the code is nothing.")
        return said

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        return SocialToken(token=str(data["access_token"]))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        claims = self._believed(str(kwargs["response"].get("id_token", "")))
        claims = self._with_what_else_it_says(claims, token.token)
        raise ImmediateHttpResponse(self._signed_in(claims))

    def _believed(self, token: str) -> dict[str, Any]:
        """What the token says, if it was signed for us, now, for this attempt. Raises OAuth2Error."""
        told, state = settings.OIDC, self.state or {}
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key_of(token),
                algorithms=list(ALGORITHMS),
                issuer=told.issuer,
                audience=told.client_id,
                leeway=LEEWAY,
                options={"require": ["iss", "aud", "sub", "exp", "iat"]},
            )
        except jwt.PyJWTError as fault:
            raise OAuth2Error(f"{type(fault).__name__}: {fault}") from fault
        subject, nonce = claims["sub"], str(claims.get("nonce", ""))
        if not (0 < len(subject) <= LONGEST and subject.isprintable()):
            raise OAuth2Error("The subject is none, or too long to be kept.")
        if not secrets.compare_digest(
            nonce.encode(errors="replace"), str(state.get("nonce") or " ").encode()
        ):
            raise OAuth2Error("The nonce is another.")
        if claims.get("azp", told.client_id) != told.client_id:
            raise OAuth2Error("It was issued to another client.")
        if state.get("again"):
            when = claims.get("auth_time")
            if not isinstance(when, int | float) or time.time() - when > AGAIN + LEEWAY:
                raise OAuth2Error("Nobody signed in there anew.")
        return claims

    def _key_of(self, token: str) -> Any:
        """The key of the provider that this token names."""
        with get_adapter().get_requests_session() as session:
            said = _object(session.get(self.openid_config["jwks_uri"]))
        name = jwt.get_unverified_header(token).get("kid")
        try:
            keys = [key for key in jwt.PyJWKSet.from_dict(said).keys if key.public_key_use in (None, "sig")]
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            raise OAuth2Error("Its keys are none.") from fault
        named = [key for key in keys if key.key_id == name] if name else keys
        if len(named) != 1:
            raise OAuth2Error("No key of its is named so.")
        return named[0]

    def _with_what_else_it_says(self, claims: dict[str, Any], access: str) -> dict[str, Any]:
        """Asked only where the token does not name the groups, and believed only of who it is about."""
        where = self.openid_config.get("userinfo_endpoint")
        if _found(claims, settings.OIDC.groups_claim) is not None or not isinstance(where, str):
            return claims
        with get_adapter().get_requests_session() as session:
            said = _object(session.get(where, headers={"Authorization": f"Bearer {access}"}))
        if said.get("sub") != claims["sub"]:
            raise OAuth2Error("It tells of somebody else.")
        return said | claims

    def _signed_in(self, claims: dict[str, Any]) -> HttpResponse:
        request, told = self.request, settings.OIDC
        admission = admit(_said(claims), at=now())
        person = admission.person
        if person is None:
            return _page(request, _REFUSALS[admission.outcome](), status=403)
        if request.user.is_authenticated:
            # Nothing of the session before is another's.
            logout(request)
        request.session.set_expiry(now() + timedelta(hours=told.hours))
        record_authentication(request, person, "socialaccount", provider=told.issuer, uid=claims["sub"])
        login = Login(user=person, redirect_url=(self.state or {}).get("next"))
        proved = {*_texts(claims.get("acr")), *_texts(claims.get("amr"))} & told.second_factors
        if proved:
            record_authentication(request, person, "mfa", type="provider")
            login.state["proved_elsewhere"] = True
        answer: HttpResponse = perform_login(request, login)
        return answer


def _said(claims: dict[str, Any]) -> Said:
    def text(name: str) -> str:
        value = claims.get(name)
        return value.strip() if isinstance(value, str) else ""

    email = text("email")
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    return Said(
        subject=claims["sub"],
        username=text("preferred_username"),
        first_name=text("given_name"),
        last_name=text("family_name"),
        email=email if len(email) <= 254 else "",
        is_proved=claims.get("email_verified") is True,
        groups=frozenset(_texts(_found(claims, settings.OIDC.groups_claim))),
    )


def _found(claims: dict[str, Any], name: str) -> Any:
    """A claim by its name; else where a dot leads into it, as in `realm_access.roles`."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _object(response: Any) -> dict[str, Any]:
    """What was answered, if that is an object of JSON. Raises RequestException or OAuth2Error."""
    response.raise_for_status()
    try:
        said = json.loads(response.content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise OAuth2Error("That is no object of JSON.")
    return said


def _there(request: HttpRequest) -> str:
    there = request.GET.get("next", "")
    return there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else resolve_url("desk:home")


def _page(request: HttpRequest, why: str, *, status: int) -> HttpResponse:
    said = why % {"provider": settings.OIDC.name} if "%(" in why else why
    return desk_page(request, "desk/provider.html", status=status, why=said)
