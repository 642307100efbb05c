"""What is kept, and what is always true of it: one noun a file. This is the table of contents."""

from .annotation import Annotation, Target
from .article import Article, ArticleAddress, Revision, Rights
from .assignment import Assignment
from .attribution import Attribution
from .capability import Capability
from .claim import Appearance, Claim, ClaimRelation, ClaimWording
from .comment import Comment, Thread
from .correction import Correction
from .cue import Cue
from .deed import Deed
from .entity import Entity, EntityAlias, EntityIdentifier, Mention
from .erasure import Erasure, ErasurePass
from .evidence import Document, Evidence
from .flag import AnswerTemplate, Flag, FlagAnswer, FlagLetter, FlagTarget, ReaderMail
from .following import Follow, FollowerMail, Subscriber
from .imports import Import
from .imprint import Imprint
from .kept_answer import KeptAnswer
from .lockout import Lockout
from .newsroom import Newsroom, Policy
from .notice import Notice
from .original import Original, Picture
from .page import Page, PageVersion
from .policy_report import PolicyReport
from .presence import Presence
from .rating import RatingLabel, RatingLevel, RatingScale
from .reading import Reading
from .rectification import Rectification
from .reply import Invitation, InvitationMail, Reply, ReplyLetter
from .request import RequestForComment
from .review import Review
from .saved_view import SavedView
from .search_entries import ArticleEntry, ClaimEntry, DocumentEntry, EntityEntry, SourceEntry
from .searchable import SearchDebt
from .shown import Shown
from .source import ConfidentialSource, Source
from .stored_copy import DocumentCheck, StoredCopy
from .suggestion import Suggestion, SuggestionOffer
from .token import ApiToken
from .trained_model import TrainedModel
from .user import CHECKER, EDITOR, REPORTER, User
from .webhook import Delivery, Webhook

__all__ = [
    "CHECKER",
    "EDITOR",
    "REPORTER",
    "Annotation",
    "AnswerTemplate",
    "ApiToken",
    "Appearance",
    "Article",
    "ArticleEntry",
    "ArticleAddress",
    "Assignment",
    "Attribution",
    "Capability",
    "Claim",
    "ClaimEntry",
    "ClaimRelation",
    "ClaimWording",
    "Comment",
    "ConfidentialSource",
    "Correction",
    "Cue",
    "Deed",
    "Delivery",
    "Document",
    "DocumentCheck",
    "DocumentEntry",
    "Entity",
    "EntityAlias",
    "EntityEntry",
    "EntityIdentifier",
    "Erasure",
    "ErasurePass",
    "Evidence",
    "Flag",
    "FlagAnswer",
    "FlagLetter",
    "FlagTarget",
    "Follow",
    "FollowerMail",
    "Import",
    "Imprint",
    "Invitation",
    "InvitationMail",
    "Mention",
    "KeptAnswer",
    "Lockout",
    "Newsroom",
    "Original",
    "Page",
    "PageVersion",
    "Picture",
    "Notice",
    "Policy",
    "PolicyReport",
    "Presence",
    "RatingLabel",
    "RatingLevel",
    "RatingScale",
    "ReaderMail",
    "Reading",
    "Rectification",
    "Reply",
    "ReplyLetter",
    "RequestForComment",
    "Review",
    "Revision",
    "Rights",
    "SavedView",
    "SearchDebt",
    "Shown",
    "Source",
    "SourceEntry",
    "StoredCopy",
    "Subscriber",
    "Suggestion",
    "SuggestionOffer",
    "Target",
    "Thread",
    "TrainedModel",
    "User",
    "Webhook",
]
