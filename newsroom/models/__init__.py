"""What is kept, and what is always true of it: one noun a file. This is the table of contents."""

from .annotation import Annotation, Target
from .article import Article, ArticleAddress, Revision, Rights
from .attribution import Attribution
from .claim import Appearance, Claim, ClaimRelation, ClaimWording
from .correction import Correction
from .deed import Deed
from .entity import Entity, EntityAlias, EntityIdentifier, Mention
from .evidence import Document, Evidence
from .newsroom import Newsroom, Policy
from .rating import RatingLabel, RatingLevel, RatingScale
from .review import Review
from .search_entries import ArticleEntry, ClaimEntry, DocumentEntry, EntityEntry, SourceEntry
from .searchable import SearchDebt
from .source import ConfidentialSource, Source
from .user import CHECKER, EDITOR, REPORTER, User

__all__ = [
    "CHECKER",
    "EDITOR",
    "REPORTER",
    "Annotation",
    "Appearance",
    "Article",
    "ArticleEntry",
    "ArticleAddress",
    "Attribution",
    "Claim",
    "ClaimEntry",
    "ClaimRelation",
    "ClaimWording",
    "ConfidentialSource",
    "Correction",
    "Deed",
    "Document",
    "DocumentEntry",
    "Entity",
    "EntityAlias",
    "EntityEntry",
    "EntityIdentifier",
    "Evidence",
    "Mention",
    "Newsroom",
    "Policy",
    "RatingLabel",
    "RatingLevel",
    "RatingScale",
    "Review",
    "Revision",
    "Rights",
    "SearchDebt",
    "Source",
    "SourceEntry",
    "Target",
    "User",
]
