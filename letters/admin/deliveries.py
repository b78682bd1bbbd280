"""The queue of letters: what waits, what is stuck and why, and what staff can do about it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaign import audit
from campaign.paging import BoundedPaginator
from letters import deskwork
from letters.admin.filters import StuckFilter
from letters.models import Attempt, Delivery
from letters.printing import batch_pdf
from letters.states import NotAllowed, State

Decision = Callable[[Delivery], None]


class AttemptInline(admin.TabularInline[Attempt, Delivery]):
    model = Attempt
    extra = 0
    readonly_fields = ["number", "channel", "phase", "outcome", "words", "started_at", "answered_at"]
    fields = [*readonly_fields]
    can_delete = False

    @admin.display(description=_("detail"))
    def words(self, attempt: Attempt) -> str:
        return str(attempt.detail or "")

    def has_view_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return request.user.has_perm("letters.view_delivery")

    def has_add_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin[Delivery]):
    notes_itself = True
    list_display = ["delivery_id", "state", "office", "age", "cause", "channel", "attempts_made"]
    list_filter = [StuckFilter, "state", "channel", "letter__campaign", "letter__office__state"]
    list_select_related = ["letter__office"]
    list_per_page = 50
    search_fields = ["delivery_id"]
    search_help_text = _("The delivery ID. Names and addresses are encrypted and cannot be searched.")
    ordering = ["ready_at", "pk"]
    paginator = BoundedPaginator
    show_full_result_count = False
    inlines = [AttemptInline]
    actions = [
        "send_again",
        "hand_over",
        "cancel",
        "mark_accepted",
        "mark_rejected",
        "mark_dead",
        "print_batch",
        "mark_taken",
    ]
    readonly_fields = [
        "delivery_id", "state", "office", "campaign", "channel", "held_because", "ready_at", "changed_at",
        "message_sha256",
    ]  # fmt: skip
    fields = [*readonly_fields]

    @admin.display(description=_("office"), ordering="letter__office__state")
    def office(self, delivery: Delivery) -> str:
        return str(delivery.letter.office)

    @admin.display(description=_("cause"))
    def cause(self, delivery: Delivery) -> str:
        """Why it is where it is: what staff are waited for, or what the other side said last."""
        said = [delivery.held_because, *(attempt.detail for attempt in reversed(delivery.attempts.all()))]
        return Truncator(next(filter(None, said), "")).chars(80)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        return super().get_queryset(request).prefetch_related("attempts")

    @admin.display(description=_("campaign"))
    def campaign(self, delivery: Delivery) -> str:
        return str(delivery.letter.campaign)

    @admin.display(description=_("age"), ordering="ready_at")
    def age(self, delivery: Delivery) -> str:
        return timesince(delivery.ready_at) if delivery.ready_at else ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        summary = [(State(row["state"]), row["number"], row["oldest"]) for row in Delivery.objects.summary()]
        return super().changelist_view(request, {**(extra_context or {}), "summary": summary})

    @admin.action(
        description=_("Send again (also after “unknown”: the office may then get it twice)"), permissions=["change"]
    )
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, deskwork.retry, "letter.sent-again")

    @admin.action(description=_("Ask the constituent to send it themself"), permissions=["change"])
    def hand_over(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, deskwork.hand_to_constituent, "letter.handed-to-constituent")

    @admin.action(description=_("Cancel: never send"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, deskwork.cancel, "letter.cancelled")

    @admin.action(description=_("Mark as accepted, after asking the office"), permissions=["change"])
    def mark_accepted(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, partial(deskwork.mark, state=State.ACCEPTED), "letter.marked-accepted")

    @admin.action(description=_("Mark as rejected, after asking the office"), permissions=["change"])
    def mark_rejected(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, partial(deskwork.mark, state=State.REJECTED), "letter.marked-rejected")

    @admin.action(description=_("Give up"), permissions=["change"])
    def mark_dead(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, partial(deskwork.mark, state=State.DEAD), "letter.given-up")

    @admin.action(description=_("Print: one file with an index, for one office"), permissions=["read"])
    def print_batch(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse | None:
        chosen = Delivery.objects.filter(pk__in=queryset.values("pk"))
        deliveries = list(chosen.with_letter().readable().order_by("ready_at", "pk"))
        offices = {delivery.letter.office for delivery in deliveries}
        if len(offices) != 1:
            self.message_user(request, gettext("Choose letters to one office."), messages.WARNING)
            return None
        for delivery in deliveries:
            self.note(request, delivery, "letter.printed")
        headers = {"Content-Disposition": f'attachment; filename="letters-{offices.copy().pop().bioguide}.pdf"'}
        return HttpResponse(batch_pdf(offices.pop(), deliveries), content_type="application/pdf", headers=headers)

    @admin.action(description=_("Printed letters: posted or taken to the office"), permissions=["change"])
    def mark_taken(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, deskwork.note_taken_to_office, "letter.taken-to-office")

    def has_read_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("letters.read_letter")

    def decide(self, request: HttpRequest, queryset: QuerySet[Delivery], decision: Decision, act: str) -> None:
        """The same for each, noted; those whose state forbids it stay as they are and are counted."""
        done, refused = 0, 0
        for delivery in queryset:
            try:
                with transaction.atomic():
                    decision(delivery)
                    self.note(request, delivery, act)
            except NotAllowed:
                refused += 1
            else:
                done += 1
        text = ngettext("%d letter changed.", "%d letters changed.", done) % done
        if refused:
            text += " " + ngettext("%d could not be.", "%d could not be.", refused) % refused
        self.message_user(request, text, messages.WARNING if refused else messages.SUCCESS)

    @transaction.atomic
    def note(self, request: HttpRequest, delivery: Delivery, act: str) -> None:
        """In the audit, which cannot be rewritten, and in the history that Django shows beside the letter."""
        audit.note(act, by=request.user.get_username(), on=delivery)
        self.log_change(request, delivery, act)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.read_letter)
        return [path("<int:pk>/letter/", view, name="letters_delivery_letter"), *super().get_urls()]

    def read_letter(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The text, for those who may; each reading is logged, so it takes a button."""
        if not self.has_read_permission(request):
            return HttpResponse(gettext("You may not read letters."), status=403)
        delivery = get_object_or_404(Delivery.objects.with_letter(), pk=pk)
        if is_read := request.method == "POST":
            self.note(request, delivery, "letter.read")
        context = {**self.admin_site.each_context(request), "delivery": delivery, "is_read": is_read, "title": delivery}
        return render(request, "admin/letters/delivery/letter.html", context)
