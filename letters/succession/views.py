"""The page of the mailed offer: a letter that was not sent, readdressed, and the button that sends it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campaign.web.decorators import personal_page
from letters.models import Delivery
from letters.submission import workflow
from letters.succession import readdressing
from letters.tracking.by_hand import get_delivery
from letters.tracking.status import is_left_behind
from letters.tracking.views import to_tracking, unusable_link


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def to_successor(request: HttpRequest, token: str, delivery_id: str) -> HttpResponse:
    delivery = get_delivery(token, delivery_id)
    if delivery is None or not (delivery.has_senator_left or is_left_behind(delivery)):
        return unusable_link(request)
    if request.method != "POST":
        return offer_page(request, delivery)
    try:
        readdressing.send(delivery, shown=request.POST.get("seal", ""))
    except workflow.Changed:
        return offer_page(request, delivery, has_changed=True)
    except workflow.TooLate:
        return offer_page(request, delivery)
    return to_tracking(workflow.track_token(delivery.letter.constituent))


def offer_page(request: HttpRequest, delivery: Delivery, *, has_changed: bool = False) -> HttpResponse:
    """Show the letter word for word as the button sends it, or why there is no button."""
    letter = delivery.letter
    campaign, successor = letter.constituent.campaign, letter.office.holder
    is_over = not campaign.takes_confirmations
    is_written = bool(successor and readdressing.is_written(letter, successor))
    context = {
        "campaign": campaign,
        "former": letter.office,
        "successor": successor,
        "addressee": successor or letter.office,
        "message": readdressing.message_to(successor, letter) if successor else letter.message,
        "is_over": is_over,
        "is_written": is_written,
        "can_send": successor and delivery.has_senator_left and not (is_over or is_written),
        "has_changed": has_changed,
        "track_token": workflow.track_token(letter.constituent),
    }
    status = 410 if is_over else 409 if has_changed else 200
    return render(request, "letters/to_successor.html", context, status=status)
