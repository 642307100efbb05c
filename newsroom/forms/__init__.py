"""What people type. Each rule of the desk stands in its deed; a form shows what the deed refuses."""

from .documents import (
    CopyForm,
    DocumentForm,
    DossierForm,
    EvidenceForm,
    ReasonGiven,
    ShownReason,
)
from .editing import (
    ArticleForm,
    ChangeForm,
    ClaimForm,
    DecisionForm,
    MeForm,
    ReasonForm,
    ReviewForm,
    SavedViewForm,
    TextForm,
    WithdrawalForm,
)
from .intake import TOO_LARGE, AddressForm, DraftForm, FileForm, PasteForm
from .relating import ChangedRelationForm, NewRelationForm, RelationRowForm
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
    "ChangeForm",
    "ChangedRelationForm",
    "ClaimForm",
    "ClaimTagForm",
    "CopyForm",
    "DecisionForm",
    "DocumentForm",
    "DossierForm",
    "DraftForm",
    "EvidenceForm",
    "FileForm",
    "MeForm",
    "MentionTagForm",
    "MoveForm",
    "NewRelationForm",
    "PasteForm",
    "ReasonForm",
    "RelationRowForm",
    "ReasonGiven",
    "ReviewForm",
    "SavedViewForm",
    "ShownReason",
    "TextForm",
    "WithdrawalForm",
]
