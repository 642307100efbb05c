"""What people type. Each rule of the desk stands in its deed; a form shows what the deed refuses."""

from .editing import (
    ArticleForm,
    ReasonForm,
    RevertForm,
    ReviewForm,
    TextForm,
    WithdrawalForm,
)
from .tagging import (
    AttributionTagForm,
    ClaimTagForm,
    MentionTagForm,
    MoveForm,
)

__all__ = [
    "ArticleForm",
    "AttributionTagForm",
    "ClaimTagForm",
    "MentionTagForm",
    "MoveForm",
    "ReasonForm",
    "RevertForm",
    "ReviewForm",
    "TextForm",
    "WithdrawalForm",
]
