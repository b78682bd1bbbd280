"""Petitions in the staff's admin site."""

from petitions.admin.bulk import DecisionAdmin
from petitions.admin.count_checks import CountCheckAdmin
from petitions.admin.handover import HandOverAdmin
from petitions.admin.keys import KeyReplacementAdmin
from petitions.admin.paper.batches import PaperBatchAdmin
from petitions.admin.petitions import PetitionAdmin
from petitions.admin.public_comments import VoiceAdmin
from petitions.admin.signatures import HeldAdmin, SignatureAdmin

__all__ = [
    "CountCheckAdmin",
    "DecisionAdmin",
    "HandOverAdmin",
    "HeldAdmin",
    "KeyReplacementAdmin",
    "PaperBatchAdmin",
    "PetitionAdmin",
    "SignatureAdmin",
    "VoiceAdmin",
]
