"""What a session says of how somebody signed in."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest


def proved(request: HttpRequest) -> bool:
    """Whether a second factor was proved in this session, by who is signed in now."""
    return any(said.get("method") == "mfa" for said in get_authentication_records(request, request.user))
