"""The admin of exports: one person says what for, another approves, it waits, then the file can be taken."""

from typing import Any

from django.contrib import admin
from django.http import HttpResponseBase

from campaign.admin.spreadsheets import download
from campaign.staff.dual_control.admin import LISTED, DualControlAdmin
from campaign.supporters.lists import export_file
from campaign.supporters.models import SubscriberExport
from campaign.translation import for_staff


@admin.register(SubscriberExport)
class SubscriberExportAdmin(DualControlAdmin[SubscriberExport]):
    list_display = ["number", "segment", *LISTED, "times_taken"]
    list_select_related = ["segment", "requested_by", "approved_by"]
    fields = ["segment", "reason"]
    request_fields = ["segment", "reason", "times_taken"]

    def do(self, act: SubscriberExport, *, by: Any) -> HttpResponseBase | str:
        try:
            blocks = export_file.take(act, by=by)
        except export_file.SegmentChanged:
            return for_staff("No file was made: the segment was changed after this had been asked for. Ask anew.")
        except export_file.TooFew:
            return for_staff("No file was made: by now the segment has fewer than ten subscribers.")
        return download(blocks, f"subscribers-{act.pk}.csv")
