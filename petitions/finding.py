"""Finding the signatures of one address, for staff: by its fingerprint in each petition, and noted."""

from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from campaign import audit
from petitions.models import Petition, Signature
from petitions.signing import fingerprint_for


@transaction.atomic
def find(address: str, *, by: str) -> list[Signature]:
    """Two queries, however many petitions and signatures there are. The note says how many were found, not whose."""
    of_each = [
        Q(petition=petition, fingerprint=fingerprint_for(petition, address)) for petition in Petition.objects.all()
    ]
    found = list(Signature.objects.filter(reduce(or_, of_each, Q(pk=None))).select_related("petition").order_by("pk"))
    audit.note("signature.looked-up", by=by, on="petitions.signature", found=len(found))
    return found
