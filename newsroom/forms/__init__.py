"""What people type. Each rule of the desk stands in its deed; a form shows what the deed refuses."""

from .editing import (
    ArticleForm,
    MeForm,
    ReasonForm,
    RevertForm,
    ReviewForm,
    SavedViewForm,
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
    "MeForm",
    "MentionTagForm",
    "MoveForm",
    "PasteForm",
    "ReasonForm",
    "RevertForm",
    "ReviewForm",
    "SavedViewForm",
    "TextForm",
    "WithdrawalForm",
]
