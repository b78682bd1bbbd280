"""The petitions' part of the staff's site."""

from petitions.admin.checks import CountCheckAdmin
from petitions.admin.decisions import DecisionAdmin
from petitions.admin.handover import HandOverAdmin
from petitions.admin.paper import PaperBatchAdmin
from petitions.admin.petitions import PetitionAdmin
from petitions.admin.signatures import HeldAdmin, SignatureAdmin
from petitions.admin.voices import VoiceAdmin

__all__ = [
    "CountCheckAdmin",
    "DecisionAdmin",
    "HandOverAdmin",
    "HeldAdmin",
    "PaperBatchAdmin",
    "PetitionAdmin",
    "SignatureAdmin",
    "VoiceAdmin",
]
