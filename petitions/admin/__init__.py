"""The petitions' part of the staff's site."""

from petitions.admin.checks import CountCheckAdmin
from petitions.admin.handover import HandOverAdmin
from petitions.admin.invalidations import InvalidationAdmin
from petitions.admin.paper import PaperBatchAdmin
from petitions.admin.petitions import PetitionAdmin
from petitions.admin.signatures import HeldAdmin, SignatureAdmin
from petitions.admin.voices import VoiceAdmin

__all__ = [
    "CountCheckAdmin",
    "HandOverAdmin",
    "HeldAdmin",
    "InvalidationAdmin",
    "PaperBatchAdmin",
    "PetitionAdmin",
    "SignatureAdmin",
    "VoiceAdmin",
]
