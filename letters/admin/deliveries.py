"""The admin of deliveries: which letters wait, which are stuck and why, and what staff can do about them."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.text import Truncator
from django.utils.timesince import timesince

from campaign import audit
from campaign.admin.actions_on_page import EVERYWHERE, ActionsOnPage
from campaign.admin.paginator import BoundedPaginator
from campaign.admin.permissions import NoAdding, NoDeleting
from campaign.translation import for_staff, for_staff_lazy, for_staff_plural
from letters.admin.filters import OfficeFilter, StuckFilter
from letters.delivery import staff_actions
from letters.delivery.paper import print_runs
from letters.delivery.paper.pdf import batch_pdf
from letters.models import Attempt, Delivery
from letters.models.deliveries import TO_BE_PRINTED, UNSETTLED
from letters.models.delivery_states import NotAllowed, State

StaffDecision = Callable[[Delivery], None]
ADVICE = {
    State.UNKNOWN: for_staff_lazy(
        "It was handed over, and no answer came: nobody knows whether the office has it. Ask the office, then mark it "
        "as accepted or rejected. Sent again, it may arrive twice."
    ),
    State.REJECTED: for_staff_lazy(
        "The office refused it; the attempts below say why. If the cause is mended, send it again; else ask the "
        "constituent to send it themself."
    ),
    State.DEAD: for_staff_lazy(
        "It was tried until it was given up; the attempts below say why. If the cause is mended, send it again; else "
        "ask the constituent to send it themself."
    ),
}


class AttemptInline(NoAdding, admin.TabularInline[Attempt, Delivery]):
    model = Attempt
    extra = 0
    readonly_fields = ["number", "channel", "phase", "outcome", "words", "started_at", "answered_at"]
    fields = [*readonly_fields]
    can_delete = False

    @admin.display(description=for_staff_lazy("detail"))
    def words(self, attempt: Attempt) -> str:
        return str(attempt.detail or "")

    def has_view_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return request.user.has_perm("letters.view_delivery")


@admin.register(Delivery)
class DeliveryAdmin(NoAdding, NoDeleting, ActionsOnPage[Delivery]):
    notes_itself = True
    list_display = ["delivery_id", "state", "office", "age", "cause", "channel", "attempts_made"]
    list_filter = [
        StuckFilter, "state", "channel", "letter__campaign", "letter__office__recipient_list", "letter__office__area",
        OfficeFilter,
    ]  # fmt: skip
    list_select_related = ["letter__office__recipient_list"]
    list_per_page = 50
    search_fields = ["delivery_id", "letter__office__name", "letter__office__directory_id"]
    search_help_text = for_staff_lazy(
        "The delivery ID, or the recipient's name. Writers' names and addresses are encrypted and cannot be searched."
    )
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
        "print_again",
        "mark_taken",
    ]
    readonly_fields = [
        "state", "advice", "office", "campaign", "channel", "held_because", "returned_by", "printed_at", "print_run",
        "ready_at", "changed_at", "delivery_id", "message_sha256",
    ]  # fmt: skip
    fields = [*readonly_fields]

    @admin.display(description=for_staff_lazy("office"), ordering="letter__office__area")
    def office(self, delivery: Delivery) -> str:
        return str(delivery.letter.office)

    @admin.display(description=for_staff_lazy("cause"))
    def cause(self, delivery: Delivery) -> str:
        """Return why the letter is held, or else the last detail of an attempt."""
        said = [delivery.held_because, *(attempt.detail for attempt in reversed(delivery.attempts.all()))]
        return Truncator(next(filter(None, said), "")).chars(80)

    @admin.display(description=for_staff_lazy("what can be done"))
    def advice(self, delivery: Delivery) -> str:
        if delivery.state not in UNSETTLED or delivery.letter.is_erased:
            return "-"
        if not delivery.letter.office.is_current:
            return for_staff(
                "The recipient has left office: nothing can be sent there. “Cancel” tells the constituent who holds "
                "the seat now, and offers to send it to them; this happens by itself once the successor is entered."
            )
        return str(ADVICE.get(State(delivery.state), "-"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        return super().get_queryset(request).prefetch_related("attempts")

    @admin.display(description=for_staff_lazy("campaign"))
    def campaign(self, delivery: Delivery) -> str:
        return str(delivery.letter.campaign)

    @admin.display(description=for_staff_lazy("age"), ordering="ready_at")
    def age(self, delivery: Delivery) -> str:
        return timesince(delivery.ready_at) if delivery.ready_at else ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        summary = [(State(row["state"]), row["number"], row["oldest"]) for row in Delivery.objects.summary()]
        return super().changelist_view(request, {**(extra_context or {}), "summary": summary})

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        """Offer for letters to former senators only what can work: nothing reaches them any more."""
        actions = super().get_actions(request, action_location)
        if action_location == ActionLocation.CHANGE_FORM:
            return actions
        is_former = request.GET.get(StuckFilter.parameter_name) == StuckFilter.FORMER
        return {name: act for name, act in actions.items() if not (is_former and name in staff_actions.TO_THE_OFFICE)}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer no button that saves: nothing of a delivery is typed."""
        context |= {"show_save": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def possible_actions(self, obj: Delivery) -> set[str]:
        return staff_actions.possible_for(obj)

    @admin.action(
        description=for_staff_lazy("Send again (also after “unknown”: the office may then get it twice)"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, "send_again", staff_actions.retry, "letter.sent-again")

    @admin.action(
        description=for_staff_lazy("Ask the constituent to send it themself"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def hand_over(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, "hand_over", staff_actions.hand_to_constituent, "letter.handed-to-constituent")

    @admin.action(
        description=for_staff_lazy("Cancel: never send, and tell the constituent by mail"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def cancel(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, "cancel", staff_actions.cancel, "letter.cancelled")

    @admin.action(
        description=for_staff_lazy("Mark as accepted, after asking the office"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def mark_accepted(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(
            request,
            queryset,
            "mark_accepted",
            partial(staff_actions.mark_as, state=State.ACCEPTED),
            "letter.marked-accepted",
        )

    @admin.action(
        description=for_staff_lazy("Mark as rejected, after asking the office"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def mark_rejected(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(
            request,
            queryset,
            "mark_rejected",
            partial(staff_actions.mark_as, state=State.REJECTED),
            "letter.marked-rejected",
        )

    @admin.action(
        description=for_staff_lazy("Give up"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def mark_dead(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, "mark_dead", partial(staff_actions.mark_as, state=State.DEAD), "letter.given-up")

    @admin.action(
        description=for_staff_lazy("Print it"),
        description_plural=for_staff_lazy("Print what is held for it: one file with an index, for one office"),
        permissions=["read"],
        location=EVERYWHERE,
    )
    def print_batch(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse | None:
        return self.printed(request, queryset, again=False)

    @admin.action(
        description=for_staff_lazy("Print it once more"),
        description_plural=for_staff_lazy("Print it once more, with what was printed before: one file, for one office"),
        permissions=["read"],
        location=EVERYWHERE,
    )
    def print_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse | None:
        return self.printed(request, queryset, again=True)

    def printed(self, request: HttpRequest, queryset: QuerySet[Delivery], *, again: bool) -> HttpResponse | None:
        """Return the file, or None if nothing is to be printed; a message says how many had been printed before."""
        chosen = Delivery.objects.filter(pk__in=queryset.values("pk"))
        held = list(staff_actions.to_be_printed().with_letter().filter(pk__in=chosen))
        offices = {delivery.letter.office for delivery in held}
        if len(offices) != 1:
            text = for_staff("Choose letters to one office that are held for being printed.")
            self.message_user(request, text, messages.WARNING)
            return None
        with transaction.atomic():
            deliveries = print_runs.print_letters(chosen, by=request.user.get_username(), again=again)
            for delivery in deliveries:
                self.note(request, delivery, "letter.printed")
        if left_out := len(held) - len(deliveries):
            text = for_staff_plural(
                "1 letter had been printed before and is not in the file. “Print it once more” prints it as well.",
                "%(left_out)s letters had been printed before and are not in the file. “Print it once more” "
                "prints them as well.",
                left_out,
            ) % {"left_out": left_out}
            self.message_user(request, text, messages.WARNING)
        if not deliveries:
            return None
        office = offices.pop()
        headers = {"Content-Disposition": f'attachment; filename="letters-{office.directory_id}.pdf"'}
        return HttpResponse(batch_pdf(office, deliveries), content_type="application/pdf", headers=headers)

    @admin.action(
        description=for_staff_lazy("It was posted or taken to the office"),
        description_plural=for_staff_lazy("Printed letters: posted or taken to the office"),
        permissions=["change"],
        location=EVERYWHERE,
    )
    def mark_taken(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        self.decide(request, queryset, "mark_taken", staff_actions.note_taken_to_office, "letter.taken-to-office")

    def has_read_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("letters.read_letter")

    def decide(
        self, request: HttpRequest, queryset: QuerySet[Delivery], name: str, decision: StaffDecision, act: str
    ) -> None:
        """Decide on each letter and record it; others stay as they are, by the rule of their pages, and it is said why.

        `name` is the action's.
        """
        done, former, refused = list[str](), 0, Counter[str]()
        for delivery in queryset:
            try:
                with transaction.atomic():
                    staff_actions.refuse_unless_possible(name, delivery)
                    decision(delivery)
                    self.note(request, delivery, act)
            except staff_actions.SenatorLeft:
                former += 1
            except NotAllowed:
                refused[standing(delivery)] += 1
            else:
                done.append(standing(delivery))
        text = told_changed(done)
        for reason, number in refused.items():
            text += " " + for_staff_plural(
                "%(number)s could not be: it is %(reason)s.", "%(number)s could not be: they are %(reason)s.", number
            ) % {"number": number, "reason": reason}
        if refused:
            text += " " + for_staff("The page of a letter offers what can be done with it.")
        if former:
            text += " " + for_staff_plural(
                "%(number)s could not be: the recipient has left office. “Cancel” tells the constituent, and offers to "
                "send it to the successor.",
                "%(number)s could not be: the recipients have left office. “Cancel” tells the constituents, and offers "
                "to send them to the successors.",
                former,
            ) % {"number": former}
        self.message_user(request, text, messages.WARNING if refused or former else messages.SUCCESS)

    @transaction.atomic
    def note(self, request: HttpRequest, delivery: Delivery, act: str) -> None:
        """Record the act in the audit, which cannot be rewritten, and in Django's history of the delivery."""
        audit.note(act, by=request.user.get_username(), on=delivery)
        self.log_change(request, delivery, act)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.read_letter)
        return [path("<int:pk>/letter/", view, name="letters_delivery_letter"), *super().get_urls()]

    def read_letter(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the text to those who may read it; each reading is recorded, so it takes a button."""
        if not self.has_read_permission(request):
            return HttpResponse(for_staff("You may not read letters."), status=403)
        delivery = get_object_or_404(Delivery.objects.with_letter(), pk=pk)
        if is_read := request.method == "POST":
            self.note(request, delivery, "letter.read")
        context = {**self.admin_site.each_context(request), "delivery": delivery, "is_read": is_read, "title": delivery}
        return render(request, "admin/letters/delivery/letter.html", context)


def told_changed(standings: list[str]) -> str:
    """Return how many letters were changed, and how they stand now."""
    done = len(standings)
    text = for_staff_plural("%(done)s letter changed.", "%(done)s letters changed.", done) % {"done": done}
    now = for_staff("Now: %(states)s.") % {"states": ", ".join(sorted(set(standings)))}
    return f"{text} {now}" if standings else text


def standing(delivery: Delivery) -> str:
    """Return how a letter stands, in words that follow "it is"."""
    now = Delivery.objects.get(pk=delivery.pk)
    label = State(now.state).label
    if now.held_because == TO_BE_PRINTED and now.printed_at is None:
        return for_staff("“%(state)s”, not printed yet") % {"state": label}
    if now.state == State.READY and not now.held_because:
        return for_staff("“%(state)s”, on its way by itself") % {"state": label}
    return f"“{label}”"
