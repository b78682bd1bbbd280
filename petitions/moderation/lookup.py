"""Finding the signatures of one address, by its fingerprint in each petition."""

from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from campaign import audit
from petitions.models import Petition, Signature
from petitions.models.signature import SignatureQuerySet
from petitions.signing.sign import fingerprint_for


def signatures_of(address: str) -> SignatureQuerySet:
    """In two queries, however many petitions and signatures there are."""
    of_each = [
        Q(petition=pk, fingerprint=fingerprint_for(pk, address)) for pk in Petition.objects.values_list("pk", flat=True)
    ]
    return Signature.objects.filter(reduce(or_, of_each, Q(pk=None)))


@transaction.atomic
def find(address: str, *, by: str, reason: str) -> list[Signature]:
    """For staff, and noted: why, and how many were found, not whose."""
    found = list(signatures_of(address).prefetch_related("petition__texts").order_by("pk"))
    audit.note("signature.looked-up", by=by, on="petitions.signature", found=len(found), reason=reason)
    return found
