"""Why a page was not fetched: a name for each reason, and words for the person who asked."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Unfetchable(Exception):
    """Nothing was fetched. Its text is the reason, in the language that is active when it is asked for."""

    words: str | Promise = ""

    def __init__(self, **what: Any) -> None:
        self.what = what
        super().__init__(what)

    def __str__(self) -> str:
        return str(self.words) % self.what


class NotWebAddress(Unfetchable):
    words = _("“%(url)s” is not an address that begins with http:// or https://.")


class NamesUser(Unfetchable):
    words = _("The address holds a user name or a password: a page that needs one is not fetched.")


class PortRefused(Unfetchable):
    words = _("The address names port %(port)s: pages are fetched from the usual ports only.")


class NameUnknown(Unfetchable):
    words = _("No site is known by the name %(host)s.")


class PrivateAddress(Unfetchable):
    words = _("%(host)s lies inside a private network: only public pages are fetched.")


class Unreachable(Unfetchable):
    words = _("%(host)s does not answer.")


class Untrusted(Unfetchable):
    words = _("%(host)s does not prove that it is itself: its certificate is not valid.")


class TooManyRedirects(Unfetchable):
    words = _("The address leads from one to the next, more than %(redirects)s times.")


class TooSlow(Unfetchable):
    words = _("%(host)s took longer than %(seconds)s seconds.")


class TooLarge(Unfetchable):
    words = _("The page is larger than %(size)s.")


class Answered(Unfetchable):
    words = _("%(host)s answered %(status)s instead of the page.")


class WrongType(Unfetchable):
    words = _("At this address is no page of text, but “%(content_type)s”.")


class NotUnderstood(Unfetchable):
    words = _("The catalogue answered something that is no list of names.")
