"""The notices that a deed leaves for others, in its own transaction; `tasks/notices.py` sends them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from newsroom.models import Notice, User


def tell(user: User, reason: str, *, by: User, at: datetime, **about: Any) -> None:
    """Writes down that somebody is to get mail `about` a row; nobody gets one of what they did themselves."""
    if user.gets_notices and user.pk != by.pk:
        Notice.objects.create(user=user, reason=reason, at=at, **about)
