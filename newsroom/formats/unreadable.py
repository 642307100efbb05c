"""Why what came was not read: a name for each reason, and words for the person who brought it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Unreadable(Exception):
    """No draft was made. Its text is the reason, in the language that is active when it is asked for."""

    words: str | Promise = ""

    def __init__(self, **what: Any) -> None:
        self.what = what
        super().__init__(what)

    def __str__(self) -> str:
        return str(self.words) % self.what


class WrongKind(Unreadable):
    words = _("This is no text, Markdown, HTML or Word document (.txt, .md, .html, .docx).")


class Empty(Unreadable):
    words = _("There is no text in it.")


class NoMainText(Unreadable):
    words = _("No text of an article was found on this page. If it is there, copy it and paste it.")


class TooLong(Unreadable):
    words = _("It is too long or too intricate for an article: at most %(limit)s characters are taken.")


class Damaged(Unreadable):
    words = _("The Word document is damaged, or is none: it cannot be opened.")


class Inflated(Unreadable):
    words = _("Unpacked, the Word document is larger than %(limit)s: it is not opened.")


class Declares(Unreadable):
    words = _("It declares entities, as no document for readers does: it is not opened.")


class NoSuchCopy(Unreadable):
    words = _("A copy is a text, Markdown, HTML, Word or PDF document, or a picture (PNG, JPEG, GIF, WebP).")
