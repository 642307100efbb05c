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
from .original import Original, Picture
from .rating import RatingLabel, RatingLevel, RatingScale
from .review import Review
from .source import ConfidentialSource, Source
from .user import CHECKER, EDITOR, REPORTER, User

__all__ = [
    "CHECKER",
    "EDITOR",
    "REPORTER",
    "Annotation",
    "Appearance",
    "Article",
    "ArticleAddress",
    "Attribution",
    "Claim",
    "ClaimRelation",
    "ClaimWording",
    "ConfidentialSource",
    "Correction",
    "Deed",
    "Document",
    "Entity",
    "EntityAlias",
    "EntityIdentifier",
    "Evidence",
    "Mention",
    "Newsroom",
    "Original",
    "Picture",
    "Policy",
    "RatingLabel",
    "RatingLevel",
    "RatingScale",
    "Review",
    "Revision",
    "Rights",
    "Source",
    "Target",
    "User",
]
