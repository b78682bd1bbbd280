"""The petitions' part of the staff's site."""

from petitions.admin.petitions import PetitionAdmin, SignatureAdmin

__all__ = ["PetitionAdmin", "SignatureAdmin"]
