"""A form by which somebody without a session sends something: it carries its own proof (ADR 133).

That is a token that we signed, for this form alone, which is old enough that somebody can have read it, and
young enough to be of today. Beside it stands a field that a person leaves empty. Neither asks the reader for
anything.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: A page that stood open for longer is asked for anew.
OLDEST = timedelta(hours=24)
_SALT = "newsroom.flag"


def issue_token(subject: str) -> str:
    """For a form about this. It holds the identity of what comes of it: sent twice, it is there once."""
    return signing.dumps([subject, uuid4().hex], salt=_SALT)


def read_token(token: str, subject: str) -> UUID:
    """The identity of what comes of it. Raises ValidationError, with the code `young`, `old` or `token`."""
    try:
        about, identity = signing.loads(token, salt=_SALT, max_age=OLDEST)
        if about != subject:
            raise signing.BadSignature
    except signing.SignatureExpired:
        words = _("This page stood open for more than a day: look at it once more, and send it again.")
        raise ValidationError(words, code="old") from None
    except (signing.BadSignature, ValueError, TypeError):
        words = _("This form did not come from this page: look at it once more, and send it again.")
        raise ValidationError(words, code="token") from None
    if _is_younger(token, settings.FLAG_SECONDS):
        words = _("That was very quick: look at it once more, and send it again.")
        raise ValidationError(words, code="young")
    return UUID(hex=identity)


def _is_younger(token: str, youngest: int) -> bool:
    if not youngest:
        return False
    try:
        signing.loads(token, salt=_SALT, max_age=youngest)
    except signing.SignatureExpired:
        return False
    return True


class Proved(forms.Form):
    """`subject` is what the form is about, as its token names it."""

    subject: str
    identity: UUID | None = None

    #: A program fills in every field that it finds.
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    token = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("This field has to stay empty."), code="website")
        return ""

    def clean_token(self) -> str:
        token = str(self.cleaned_data["token"])
        try:
            self.identity = read_token(token, self.subject)
        except ValidationError as fault:
            # There is nothing to mend in a hidden field: it is said over the form.
            self.add_error(None, fault)
            if fault.code != "young":
                self.renew()
        return token

    def renew(self) -> None:
        """With a new token, and what was typed."""
        self.data = self.data.copy()
        self.data["token"] = issue_token(self.subject)
