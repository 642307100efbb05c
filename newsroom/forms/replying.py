"""The form behind a private link, and those by which the desk asks, closes a link and decides on a reply."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from newsroom.actions.replies import MOST_DAYS
from newsroom.models import Claim, Reply, RequestForComment, Review, Source
from newsroom.models.reply import REASON_LENGTH, REPLY_LENGTH

from .intake import LabelsAbove
from .proved import Proved
from .tagging import CodeChoice


class ReplyForm(LabelsAbove, Proved):
    """What somebody answers; of an expert also whether they approve of the draft, and who may read it."""

    opinion = forms.ChoiceField(
        label=_("What do you think of the draft?"),
        choices=[
            (Reply.Opinion.APPROVES, _("I approve of it")),
            (Reply.Opinion.OBJECTS, _("I object to it")),
        ],
        widget=forms.RadioSelect,
    )
    # How long it is, is asked of the words as they are kept: a browser sends each line end as two letters.
    words = forms.CharField(
        label=_("Your reply"),
        widget=forms.Textarea(attrs={"rows": 10, "maxlength": REPLY_LENGTH}),
    )
    name = forms.CharField(
        label=_("Your name, and for whom you speak"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    may_be_public = forms.BooleanField(
        label=_("My opinion may be published, with my name"),
        required=False,
        help_text=_("If not, only the newsroom reads it."),
    )
    seen = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject: str, is_opinion: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject
        if is_opinion:
            self.fields["words"].label = _("Why")
            self.fields["words"].help_text = _("At most %(most)s characters.") % {"most": REPLY_LENGTH}
        else:
            del self.fields["opinion"], self.fields["may_be_public"]
            self.fields["words"].help_text = _(
                "At most %(most)s characters, without pictures or links that can be clicked. If the newsroom "
                "accepts it, it is published as it is, whole, with its date."
            ) % {"most": REPLY_LENGTH}
            self.fields["name"].help_text = _("It is published with the reply.")

    def look_again(self, seen: int | None) -> None:
        """To send it again, with the draft of now before one's eyes, is to reply to that one."""
        self.data = self.data.copy()
        self.data["seen"] = str(seen or "")

    @property
    def said(self) -> dict[str, Any]:
        """What the deed takes."""
        cleaned = self.cleaned_data
        given = {"words": cleaned["words"], "name": cleaned["name"], "seen": cleaned["seen"]}
        if "opinion" in self.fields:
            given |= {"opinion": cleaned["opinion"], "may_be_public": cleaned["may_be_public"]}
        return given


class AskForm(LabelsAbove, forms.Form):
    """Whom the desk asks, with which draft before them, and where the link goes."""

    kind = forms.ChoiceField(
        label=_("What is asked"),
        choices=[
            (RequestForComment.Kind.COMMENT, _("Somebody who is named: what they say to it")),
            (
                RequestForComment.Kind.OPINION,
                _("An expert: whether they approve of the draft or object to it"),
            ),
        ],
        widget=forms.RadioSelect,
        initial=RequestForComment.Kind.COMMENT,
    )
    asked = forms.CharField(
        label=_("Who is asked"),
        max_length=300,
        help_text=_("For the desk: readers see the name that the person signs with, and no other."),
    )
    source = CodeChoice(Source.objects.all(), label=_("As which source"))
    review = CodeChoice(Review.objects.all(), label=_("Which draft they see"))
    lang = forms.ChoiceField(label=_("In which language"))
    days = forms.IntegerField(label=_("For how many days the link is open"), min_value=1, max_value=MOST_DAYS)
    address = forms.EmailField(
        label=_("E-mail to send the link to"),
        max_length=254,
        required=False,
        help_text=_(
            "It is shown to nobody once it is sent, and deleted some time after the decision. Left empty, "
            "you get the link to hand it over yourself."
        ),
    )
    #: The identity of the request that comes of it: sent twice, one.
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, claim: Claim, drafts: list[Review], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"].choices = settings.LANGUAGES
        self.fields["lang"].initial = claim.lang if claim.lang in dict(settings.LANGUAGES) else None
        self.fields["days"].initial = settings.REPLY_DAYS
        drawn = [(row.code, f"{row.get_state_display()}: {row.summary}") for row in drafts]
        self.fields["review"].widget = forms.Select(choices=[("", _("None yet: the claim alone")), *drawn])
        sources = [claim.claimant] if claim.claimant else []
        if sources:
            choices = [("", _("None of them")), *((row.code, row.name) for row in sources)]
            self.fields["source"].widget = forms.Select(choices=choices)
        else:
            del self.fields["source"]
        if not settings.SENDS_MAIL:
            del self.fields["address"]

    def renew_key(self) -> None:
        """To send it again, with other words, is to ask somebody else."""
        self.data = self.data.copy()
        self.data["uuid"] = str(uuid4())


class CloseForm(forms.Form):
    """Its link is closed."""


class _OfReply(LabelsAbove, forms.Form):
    """Done to a reply as it was shown."""

    row_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class DecideReplyForm(_OfReply):
    """Accepted, kept or looked at again: nothing is said beside it."""


class RefuseReplyForm(_OfReply):
    ground = forms.ChoiceField(
        label=_("On which ground"),
        choices=Reply.Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the ground.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": REASON_LENGTH}),
        help_text=_("Who wrote the reply reads it, and nobody else outside the desk."),
    )
