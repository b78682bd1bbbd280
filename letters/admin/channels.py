from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from campaign import audit
from campaign.admin.permissions import NoAdding, NoDeleting
from campaign.translation import for_staff, for_staff_lazy
from letters.models import ChannelStatus


@admin.register(ChannelStatus)
class ChannelStatusAdmin(NoAdding, NoDeleting, admin.ModelAdmin[ChannelStatus]):
    list_display = [
        "name", "works", "paused_because", "paused_at", "unreachable_because", "unreachable_at", "quiet_until",
        "number_of_offices", "offices_at",
    ]  # fmt: skip
    readonly_fields = [
        "name", "paused_because", "paused_at", "unreachable_because", "unreachable_at", "quiet_until", "open_offices",
        "offices_at",
    ]  # fmt: skip
    actions = ["resume", "pause"]

    @admin.display(description=for_staff_lazy("works"), boolean=True)
    def works(self, channel: ChannelStatus) -> bool:
        return not (channel.paused_because or channel.unreachable_because)

    @admin.display(description=for_staff_lazy("offices that take part"))
    def number_of_offices(self, channel: ChannelStatus) -> int:
        return len(channel.open_offices)

    @admin.action(description=for_staff_lazy("Resume, after the cause was mended"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[ChannelStatus]) -> None:
        for channel in queryset:
            with transaction.atomic():
                channel.resume()
                audit.note("channel.resumed", by=request.user.get_username(), on=channel)
        self.message_user(request, for_staff("Letters that waited go on."), messages.SUCCESS)

    @admin.action(description=for_staff_lazy("Pause: let no letter go"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[ChannelStatus]) -> None:
        for channel in queryset:
            with transaction.atomic():
                channel.pause("paused by staff")
                audit.note("channel.paused", by=request.user.get_username(), on=channel)
        self.message_user(request, for_staff("Paused. Letters wait and are not lost."), messages.SUCCESS)
