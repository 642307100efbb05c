"""Articles, their revisions and corrections. Their text is written by the deeds alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import EmptyFieldListFilter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.actions import articles, carrying
from newsroom.forms import ArticleForm
from newsroom.forms.exchanging import MOST_CHOSEN
from newsroom.models import Annotation, Article, ArticleAddress, Correction, Original, Revision, Target
from newsroom.presenters.revising import Proposal, proposal
from newsroom.tasks.readings import read_soon

from .annotations import HEAVY, with_words
from .keeping import Kept, ReadOnly, ShownInline, shortened
from .listing import Listed
from .publishing import PublishedByDeeds, SavedByDeeds

HEAD = ("headline", "standfirst", "byline")
ABOUT = (
    _("About it"),
    {"fields": ("publisher", "original_url", "date", "lang", "rights", "slug", "backstory")},
)
#: How many of an article's annotations its page lists; the others stand behind a link.
LISTED = 200


class RevisionInline(ShownInline):
    model = Revision
    fields = ("number", "kind", "note", "by", "at")
    ordering = ("-number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return super().get_queryset(request).select_related("by").defer(*HEAVY)


class OldAddressInline(ShownInline):
    model = ArticleAddress
    fields = ("slug",)
    show_change_link = False


class OriginalInline(ShownInline):
    model = Original
    fields = ("kind", "file_name", "address", "by", "at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Original]:
        return super().get_queryset(request).select_related("by").defer("draft")


@admin.register(Article)
class ArticleAdmin(Kept, PublishedByDeeds, SavedByDeeds):
    form = ArticleForm
    watched = False  # the deed compares the texts, the form what was touched beside them
    deeds = articles
    publish_permission = "newsroom.publish_article"
    list_display = (
        "headline",
        "byline",
        "publisher",
        "lang",
        "revision_number",
        "published_at",
        "withdrawn_at",
    )
    list_filter = (
        "lang",
        "rights",
        ("published_at", EmptyFieldListFilter),
        ("withdrawn_at", EmptyFieldListFilter),
    )
    found_by = {"": Article}
    read_through = ("byline", "publisher", "slug")
    list_select_related = ("current_revision",)
    ordering = ("-id",)
    readonly_fields = ("published_at", "withdrawn_at", "withdrawal_reason")
    inlines = (RevisionInline, OriginalInline, OldAddressInline)
    actions = (*PublishedByDeeds.actions, "take_out_selected")

    class Media:
        # What a changed text would mean is shown as on the desk's own pages.
        css = {"all": ("css/tokens.css", "css/badge.css", "css/changes.css")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request).defer(*(f"current_revision__{name}" for name in HEAVY))

    @admin.display(description=_("revision"), ordering="current_revision__number")
    def revision_number(self, article: Article) -> int | None:
        return article.current_revision.number if article.current_revision else None

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> list[Any]:
        if obj is None:
            return [(None, {"fields": (*HEAD, "body")}), ABOUT]
        may_change = self.has_change_permission(request, obj)
        text = ("body", "kind", "note", "based_on", "proposed") if may_change else ()
        return [
            (None, {"fields": (*HEAD, *text)}),
            ABOUT,
            (_("State"), {"fields": self.readonly_fields}),
        ]

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> type[ArticleForm]:
        form = super().get_form(request, obj, change, **kwargs)
        if "body" in form.base_fields:
            may_write = obj is None or request.user.has_perm("newsroom.revise_article")
            form.base_fields["body"].disabled = not may_write
        return form

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> tuple[Any, ...]:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool) -> None:
        by, at = request.user, now()
        if not change:
            # The admin goes on with the object it made itself: from here on that is the article.
            obj.pk = articles.create(
                html=form.cleaned_data["body"], by=by, at=at, **form.around_the_text()
            ).pk
            obj.refresh_from_db()
            read_soon(obj)
            return
        if changes := form.around_the_text():
            articles.edit(obj, changes=changes, by=by, at=at)
        if form.wants_revision:
            articles.revise(
                obj,
                html=form.cleaned_data["body"],
                kind=form.cleaned_data["kind"],
                note=form.cleaned_data["note"],
                based_on=form.cleaned_data["based_on"],
                by=by,
                at=at,
            )
            read_soon(obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context.get("original")
        if article is not None:
            annotations = with_words(Annotation.objects.filter(article=article))
            context["annotations"] = [
                (annotation, Target.Fate(annotation.fate).label if annotation.fate else "")
                for annotation in annotations.order_by("start", "pk")[:LISTED]
            ]
            context["annotations_total"] = annotations.count()
            context["proposal"] = self.proposal(article, context["adminform"].form)
        context["refusal"] = getattr(request, "refusal", None)
        return super().render_change_form(request, context, *args, **kwargs)

    def proposal(self, article: Article, form: ArticleForm) -> Proposal | None:
        """What a changed text that comes back would mean; what it looks like is chosen in the form."""
        if not (form.is_bound and form.text_changed):
            return None
        words = form.new_text.text
        targets = carrying.foresee(article, article.current_revision, words)
        found = proposal(article, words, targets, at=now())
        form.propose(found)
        return found

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What was done to an article stands in its deeds."""
        query = urlencode({"article__id__exact": object_id})
        return HttpResponseRedirect(f"{reverse('admin:newsroom_deed_changelist')}?{query}")

    def view_on_site(self, article: Article) -> str:
        """The public page, or, while it is not public, the desk's preview."""
        if Article.objects.published(at=now()).filter(pk=article.pk).exists():
            return article.get_absolute_url()
        return reverse("desk:article", args=[article.slug])

    @admin.action(description=_("Export as a file"), permissions=["view"])
    def take_out_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """To the page of the desk that shows what would leave; there the format is picked."""
        slugs = list(queryset.order_by("pk").values_list("slug", flat=True)[: MOST_CHOSEN + 1])
        if len(slugs) > MOST_CHOSEN:
            words = gettext("Choose %(limit)s articles at most; the page at the desk takes all of them.")
            self.message_user(request, words % {"limit": MOST_CHOSEN}, messages.ERROR)
            return None
        query = urlencode([("article", slug) for slug in slugs])
        return HttpResponseRedirect(f"{reverse('desk:export')}?{query}")

    def may_publish(self, row: Article) -> bool:
        return row.published_at is None

    def may_withdraw(self, row: Article) -> bool:
        return row.published_at is not None and not row.is_withdrawn


@admin.register(Revision)
class RevisionAdmin(ReadOnly, Listed):
    list_display = ("article", "number", "kind", "short_note", "by", "at")
    list_display_links = ("article", "number")
    # Not joined: SQLite would begin with the articles, and sort all revisions.
    list_select_related = ()
    list_filter = ("kind", "at")
    found_by = {"article": Article}
    read_through = ("note",)
    ordering = ("-at", "-id")
    fields = ("article", "number", "kind", "note", "by", "at", "sha256", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return super().get_queryset(request).defer(*HEAVY).prefetch_related("article", "by")

    @admin.display(description=_("note"))
    def short_note(self, revision: Revision) -> str:
        return shortened(revision.note)


@admin.register(ArticleAddress)
class ArticleAddressAdmin(ReadOnly, Listed):
    list_display = ("slug", "article")
    list_select_related = ("article",)
    search_fields = ("slug", "article__headline")


@admin.register(Correction)
class CorrectionAdmin(ReadOnly, Listed):
    list_display = ("short_note", "article", "by", "at")
    list_select_related = ("article", "by")
    list_filter = ("lang", "at")
    search_fields = ("note", "article__headline")

    @admin.display(description=_("public note"))
    def short_note(self, correction: Correction) -> str:
        return shortened(correction.note)
