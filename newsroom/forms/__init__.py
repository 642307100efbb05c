"""What people type. Each rule of the desk stands in its deed; a form shows what the deed refuses."""

from .editing import (
    ArticleForm,
    ReasonForm,
    RevertForm,
    ReviewForm,
    TextForm,
    WithdrawalForm,
)
from .intake import TOO_LARGE, AddressForm, DraftForm, FileForm, PasteForm
from .tagging import (
    AttributionTagForm,
    ClaimTagForm,
    MentionTagForm,
    MoveForm,
)

__all__ = [
    "TOO_LARGE",
    "AddressForm",
    "ArticleForm",
    "AttributionTagForm",
    "ClaimTagForm",
    "DraftForm",
    "FileForm",
    "MentionTagForm",
    "MoveForm",
    "PasteForm",
    "ReasonForm",
    "RevertForm",
    "ReviewForm",
    "TextForm",
    "WithdrawalForm",
]
