"""Forms of articles, their texts and reviews, for the admin and the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import OuterRef, Subquery
from django.forms import Script
from django.templatetags.static import static
from django.utils.text import Truncator
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from newsroom.actions.refusals import Outdated, Overtaken, Refused
from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Claim,
    RatingLevel,
    RatingScale,
    Review,
    Revision,
    SavedView,
    Target,
    User,
)
from newsroom.models.review import SUMMARY_LENGTH
from newsroom.presenters.history import NUMBER
from newsroom.presenters.ratings import Ratings
from newsroom.presenters.revising import Proposal
from newsroom.text import document
from newsroom.text.document import Document


class BodyEditor(forms.Textarea):
    """A rich-text editor over a textarea of HTML, which is what there is without JavaScript.

    js/admin-body.js imports the editor from the address in the attribute: no import map, so no nonce.
    """

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-editor"] = static("django_prose_editor/editor.js")
        return context

    class Media:
        css = {
            "all": [
                "django_prose_editor/material-icons.css",
                "django_prose_editor/editor.css",
                "django_prose_editor/overrides.css",
                "css/admin-body.css",
            ]
        }
        js = [Script("js/admin-body.js", defer=True)]


class CountedText(AdminTextareaWidget):
    """A textarea that says how many characters are left of its `maxlength`."""

    class Media:
        js = [Script("js/admin-count.js", defer=True)]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Readers see it where the thing was."),
    )


class DeedForm(forms.ModelForm):
    """The form of a deed. `refusal` is what the deed said to the same data, a moment ago."""

    refusal: ClassVar[Refused | None] = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.refusal is not None:
            code = getattr(self.refusal, "code", None)
            self.add_error(code if code in self.fields else None, self.refusal)
        return cleaned


class ChangeForm(forms.Form):
    """What a change of a text is, and why."""

    kind = forms.ChoiceField(
        label=_("Kind of change"),
        choices=[choice for choice in Revision.Kind.choices if choice[0] != Revision.Kind.FIRST],
        widget=forms.RadioSelect,
        help_text=_("A correction changes what was said; it stands over the text for readers to see."),
        error_messages={"required": _("Say whether this is a minor edit or a correction.")},
    )
    note = forms.CharField(
        label=_("Reason, or public note"),
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Why it was changed. Readers see it in the history of the article."),
        error_messages={
            "required": _("A change of the text needs its reason, a correction its public note.")
        },
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput)
    #: The kind that was proposed last: one that was only left as it was follows the next proposal.
    proposed = forms.CharField(widget=forms.HiddenInput, required=False)

    #: The revision that is changed; None of a new article.
    base: Any = None
    #: Whether nobody but the desk has read the text: there is nothing to correct then.
    is_draft = False

    def begin(self, article: Article, *, at: datetime) -> None:
        """Starts from the revision that was being edited: the one whose number was posted, or the current."""
        number = self.data.get("based_on", "")
        named = article.revisions.filter(number=number).first() if re.fullmatch(NUMBER, number) else None
        self.base = named or article.current_revision
        self.initial["based_on"] = self.base.number
        self.is_draft = not article.has_had_readers(at=at)
        if self.is_draft and "kind" in self.fields:
            minor = Revision.Kind.MINOR
            self.fields["kind"].choices = [(minor.value, minor.label)]

    def propose(self, found: Proposal) -> None:
        """Chooses what the change looks like, unless the person chose otherwise."""
        given = self.data if self.is_bound else self.initial
        kind, note = given.get("kind") or "", given.get("note") or ""
        proposed = {
            "kind": found.kind if kind in ("", given.get("proposed")) else kind,
            "note": note if note.strip() else found.note,
            "proposed": found.kind,
        }
        if self.is_bound:
            self.data = self.data.copy()
            for name, value in proposed.items():
                self.data[name] = value
        else:
            self.initial |= proposed

    def take_over(self, theirs: Revision) -> None:
        """To save again, with their text before one's eyes, is to decide that this one replaces it."""
        self.data = self.data.copy()
        self.data["based_on"] = str(theirs.number)
        self.base = theirs


class TextForm(ChangeForm):
    """The text of an article. A changed one is a new revision: it wants its kind and its note."""

    body = forms.CharField(label=_("Text"), widget=BodyEditor, strip=False)

    #: Whether the change is only looked at, and need not say yet what it is.
    is_looked_at = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"kind", "note", "based_on"}:
            self.fields[name].required = False

    def begin(self, article: Article, *, at: datetime) -> None:
        super().begin(article, at=at)
        self.initial["body"] = self.base.html

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "body" in cleaned and not self.new_text.text:
            self.add_error("body", _("The text is empty."))
        if self.text_changed and not self.is_looked_at:
            # Of a draft both are proposed together: of a missing reason only who has the kind is told.
            for name in ("kind",) if self.is_draft and not cleaned.get("kind") else ("kind", "note"):
                if not cleaned.get(name):
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    @cached_property
    def new_text(self) -> Document:
        """The text as it will be kept."""
        return document.parse(self.cleaned_data.get("body", ""))

    @property
    def text_changed(self) -> bool:
        """Whether there is a text that this one differs from, as both are written down."""
        if self.base is None or "body" not in self.cleaned_data:
            return False
        return document.write(self.new_text) != self.base.html


class ArticleForm(TextForm, DeedForm):
    """An article and its text."""

    class Meta:
        model = Article
        fields = (
            "headline", "standfirst", "byline", "publisher", "original_url", "date", "lang", "slug", "rights",
            "backstory",
        )  # fmt: skip
        widgets = {
            "standfirst": AdminTextareaWidget(attrs={"rows": 3}),
            "backstory": AdminTextareaWidget(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & set(ArticleForm.Meta.fields):
            # What this person did not touch is not a change, even if another changed it in between.
            self.fields[name].show_hidden_initial = self.instance.pk is not None
        if self.instance.pk is None:
            if "slug" in self.fields:
                self.fields["slug"].required = False
            return
        self.begin(self.instance, at=now())
        if isinstance(self.refusal, Outdated):
            self.take_over(self.refusal.revision)

    #: Whether somebody changed in between what this person changed as well, beside the text.
    overtaken = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.base is not None and self.instance.pk is not None:
            self._compare(Article.objects.for_change().get(pk=self.instance.pk), cleaned)
        return cleaned

    def _compare(self, article: Article, cleaned: dict[str, Any]) -> None:
        """What both touched is said beside its field; to send it again decides that it replaces theirs."""
        for name in [
            name for name in ArticleForm.Meta.fields if name in {*self.changed_data} & cleaned.keys()
        ]:
            sent, now_there = self.add_initial_prefix(name), getattr(article, name)
            shown = self.fields[name].clean(self.data.get(sent, "")) if self.data.get(sent) else ""
            if now_there in (shown, cleaned[name]):
                continue
            self.overtaken = True
            self.add_error(name, Overtaken.on_row(article))
            self.add_error(name, _("There stands now: “%(now)s”.") % {"now": now_there})
            self.data = self.data.copy()
            self.data[sent] = now_there

    @property
    def wants_revision(self) -> bool:
        """Also with a note on a text that did not change: the deed says so, and the note is not lost."""
        return self.text_changed or bool(self.cleaned_data["kind"] or self.cleaned_data["note"])

    def around_the_text(self) -> dict[str, Any]:
        """What the article's own fields are to be; of one that exists, only those that were touched."""
        names = [name for name in ArticleForm.Meta.fields if name in self.cleaned_data]
        if self.base is not None:
            names = [name for name in names if name in self.changed_data]
        return {name: self.cleaned_data[name] for name in names}


class DecisionForm(forms.Form):
    """A decision on an annotation as it was shown: whoever changed it since is noticed."""

    row_version = forms.IntegerField(min_value=1)


class WithdrawalForm(DecisionForm):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class SavedViewForm(forms.Form):
    """A name for a filter of this person's own."""

    name = forms.CharField(label=_("Name"), max_length=SavedView._meta.get_field("name").max_length)

    def __init__(self, *args: Any, user: User, of: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.of = user, of

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if self.user.saved_views.filter(of=self.of, name=name).exists():
            raise forms.ValidationError(_("You keep a view of this name already."))
        return name


class MeForm(forms.ModelForm):
    """What everybody of the desk chooses for themselves."""

    class Meta:
        model = User
        fields = ("signature", "notices", "language")
        widgets = {"signature": forms.RadioSelect, "language": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signature"].choices = [
            (value, self.instance.signed_with(value)) for value in User.Signature.values
        ]


class ClaimForm(forms.ModelForm):
    """A claim in the admin. Whether it accuses somebody is a deed of its own, and once said is not unsaid."""

    WEIGHED = ("accuses", "accused")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & set(self.WEIGHED):
            # What this person did not touch is not a change, even if another changed it in between.
            self.fields[name].show_hidden_initial = self.instance.pk is not None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk is None or "accuses" not in self.fields:
            return cleaned
        now = Claim.objects.values(*self.WEIGHED).get(pk=self.instance.pk)
        if not self.is_weighed:
            cleaned |= now
        elif now["accuses"] and not cleaned.get("accuses"):
            self.add_error("accuses", _("Say whether the claim accuses somebody."))
        return cleaned

    @property
    def is_weighed(self) -> bool:
        """Whether this person said something about it here."""
        return bool(set(self.WEIGHED) & set(self.changed_data))


class ReadOnce(forms.models.ModelChoiceIterator):
    """Rows to choose from, read when they are first shown: a list asks twice, for them and for the first."""

    _choices: list[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        if self._choices is None:
            self._choices = list(super().__iter__())
        return iter(self._choices)


class LevelChoice(forms.ModelChoiceField):
    """Levels of the current scale, by their label in the reader's language."""

    _ratings: Ratings | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=RatingLevel.objects.none(), **kwargs)

    def offer(self) -> None:
        self._ratings = None
        self.queryset = RatingLevel.objects.filter(scale__in=RatingScale.objects.current())

    def label_from_instance(self, level: RatingLevel) -> str:
        if self._ratings is None:
            self._ratings = Ratings.load()
        return self._ratings.of_level(level.pk).label


class AppearanceChoice(forms.ModelChoiceField):
    """Places where one claim stands, by their article and their words now."""

    iterator = ReadOnce

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Appearance.objects.none(), **kwargs)

    def offer(self, claim: Claim) -> None:
        words = Target.objects.filter(
            annotation=OuterRef("annotation"), revision=OuterRef("annotation__article__current_revision")
        ).order_by("role", "ordinal")
        self.queryset = (
            claim.appearances.filter(annotation__state=Annotation.State.ACCEPTED)
            .select_related("annotation__article")
            .annotate(words=Subquery(words.values("exact")[:1]))
            .order_by("pk")
        )

    def first(self) -> Appearance | None:
        return next((value.instance for value, _label in self.widget.choices if value), None)

    def label_from_instance(self, appearance: Appearance) -> str:
        return f"{appearance.annotation.article}: «{Truncator(appearance.words).chars(90)}»"


class ReviewForm(DeedForm):
    """A proposal to review `claim`, which the admin sets on the class it makes of this."""

    claim: ClassVar[Claim]

    level = LevelChoice(label=_("Rating"), widget=forms.RadioSelect)
    appearance = AppearanceChoice(
        label=_("Where it stands"),
        required=False,
        help_text=_("The rating belongs to the words that stand there now."),
    )

    class Meta:
        model = Review
        fields = (
            "level", "judges", "appearance", "lang", "summary", "explanation", "facts_judged",
            "no_evidence_reason", "no_primary_reason", "no_request_reason",
        )  # fmt: skip
        widgets = {
            "summary": CountedText(attrs={"rows": 3, "maxlength": SUMMARY_LENGTH}),
            "explanation": AdminTextareaWidget(attrs={"rows": 6}),
            "facts_judged": AdminTextareaWidget(attrs={"rows": 2}),
            "no_evidence_reason": AdminTextareaWidget(attrs={"rows": 2}),
            "no_primary_reason": AdminTextareaWidget(attrs={"rows": 2}),
            "no_request_reason": AdminTextareaWidget(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].offer()
        self.fields["appearance"].offer(self.claim)
        self.initial.setdefault("lang", self.claim.lang)
        self.initial.setdefault("appearance", self.fields["appearance"].queryset.first())
