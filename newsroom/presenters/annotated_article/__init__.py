"""The annotated article, part by part. A table of contents."""

from .marked_text import Mark, Run, TextBlock
from .notes import Note, evidence_line, numbered_claims
from .page import LAYERS, ArticlePage, annotated_article, chosen_layers
from .sayings import Saying
from .speakers import may_be_named, page_of, reporter, speaker

__all__ = [
    "LAYERS",
    "ArticlePage",
    "Mark",
    "Note",
    "Run",
    "Saying",
    "TextBlock",
    "annotated_article",
    "chosen_layers",
    "evidence_line",
    "may_be_named",
    "numbered_claims",
    "page_of",
    "reporter",
    "speaker",
]
