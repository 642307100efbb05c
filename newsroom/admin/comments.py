"""What the desk said to itself, and the mail that came of it, to be looked at: deeds alone write them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsroom.models import Article, Claim, Comment, Notice, Thread

from .keeping import ReadOnly, ShownInline, shortened
from .listing import Listed


class CommentInline(ShownInline):
    model = Comment
    fields = ("by", "at", "body", "edited_at")


@admin.register(Thread)
class ThreadAdmin(ReadOnly, Listed):
    list_display = ("first_words", "annotation", "claim", "article", "resolved_by", "resolved_at")
    list_select_related = ("annotation__article", "claim", "resolved_by")
    list_filter = (("resolved_at", admin.EmptyFieldListFilter),)
    found_by = {"claim": Claim, "annotation__article": Article}
    read_through = ("comments__body",)
    read_along = "comments"
    ordering = ("-id",)
    inlines = (CommentInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Thread]:
        return super().get_queryset(request).prefetch_related("comments")

    @admin.display(description=_("comment"))
    def first_words(self, thread: Thread) -> str:
        first = next(iter(thread.comments.all()), None)
        return shortened(first.body) if first else str(thread)

    @admin.display(description=_("article"))
    def article(self, thread: Thread) -> str:
        return str(thread.article or "")


@admin.register(Comment)
class CommentAdmin(ReadOnly, Listed):
    list_display = ("short_body", "by", "at", "edited_at", "thread")
    list_select_related = ("by", "thread")
    list_filter = ("at",)
    read_through = ("body", "by__username", "by__last_name")
    ordering = ("-id",)

    @admin.display(description=_("comment"))
    def short_body(self, comment: Comment) -> str:
        return shortened(comment.body)


@admin.register(Notice)
class NoticeAdmin(ReadOnly, Listed):
    list_display = ("user", "reason", "at", "state", "attempts", "tried_at", "failure")
    list_select_related = ("user",)
    list_filter = ("state", "reason")
    search_fields = ("user__username", "user__last_name", "user__email", "failure")
    ordering = ("-at", "-id")
