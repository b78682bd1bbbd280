"""The petitions' part of the staff's site."""

from petitions.admin.paper import PaperBatchAdmin
from petitions.admin.petitions import PetitionAdmin, SignatureAdmin

__all__ = ["PaperBatchAdmin", "PetitionAdmin", "SignatureAdmin"]
