"""The admin of hand-overs: one person asks, another approves, it waits, then the sealed file can be taken."""

from typing import Any

from django.contrib import admin
from django.http import HttpResponseBase, StreamingHttpResponse

from campaign.staff.dual_control.admin import LISTED, DualControlAdmin
from petitions.admin.base import OfThePetitionAdmin
from petitions.handover import approval
from petitions.models import HandOver


@admin.register(HandOver)
class HandOverAdmin(DualControlAdmin[HandOver], OfThePetitionAdmin[HandOver]):
    list_display = ["number", "petition", *LISTED, "times_taken"]
    fields = ["petition", "reason"]
    request_fields = ["petition", "reason", "times_taken"]

    def do(self, act: HandOver, *, by: Any) -> HttpResponseBase:
        blocks = approval.take(act, by=by)
        named = {"Content-Disposition": f'attachment; filename="{act.petition.slug}-{act.pk}.signatures"'}
        return StreamingHttpResponse(blocks, content_type="application/octet-stream", headers=named)
