"""The steps of writing to one's senators.

Each step has its own URL, to which the step before posts all that was typed; it is checked at each step. The answer is
a redirect to an address that shows the step again. A later step that is opened without anything typed leads back to the
first.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from campaign.database import clock
from campaign.protection.networks import client_address
from campaign.secrecy import passages
from campaign.web.decorators import personal_page, public_page
from campaign.web.forms.shown_again import shown_again
from letters.models.sender import fingerprint_of_person
from letters.public.selectors import elsewhere, get_campaign
from letters.submission import workflow
from letters.wizard import consent
from letters.wizard.drafts import Draft
from letters.wizard.forms import AboutForm


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
@shown_again(is_kept=True)
def campaign_page(request: HttpRequest, slug: str, typed: QueryDict | None) -> HttpResponse:
    """Render the ask and the first step; a POST comes back from a later step to change something."""
    campaign = get_campaign(slug)
    if typed is None:
        context = {
            "campaign": campaign,
            "form": AboutForm(campaign=campaign),
            "text_languages": campaign.shown_languages(),
            "elsewhere": elsewhere(campaign),
        }
        return render(request, "letters/campaign.html", context)
    draft = Draft(campaign, typed)
    form = AboutForm(campaign=campaign, initial=dict(draft.carried()))
    context = {"campaign": campaign, "form": form, "carried": draft.carried_beside(form)}
    return render(request, "letters/campaign.html", {**context, "elsewhere": elsewhere(campaign)})


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
@shown_again(is_kept=True)
def letters(request: HttpRequest, slug: str, typed: QueryDict | None) -> HttpResponse:
    """Render the second step: one text for each senator."""
    draft = Draft(get_campaign(slug), typed)
    return not_yet(request, draft) or writing_page(request, draft, is_checked=False)


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
@shown_again(is_kept=True)
def preview(request: HttpRequest, slug: str, typed: QueryDict | None) -> HttpResponse:
    """Render the third step: exactly what is sent."""
    draft = Draft(get_campaign(slug), typed)
    return not_yet(request, draft) or unfit(request, draft) or preview_page(request, draft)


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
@shown_again(is_kept=True)
def submit(request: HttpRequest, slug: str, typed: QueryDict | None) -> HttpResponse:
    """Take the last submit. The answer is the same, whatever is known of the address."""
    draft = Draft(get_campaign(slug), typed)
    if refusal := not_yet(request, draft) or unfit(request, draft):
        return refusal
    has_changed = draft.typed.get("seal") != draft.seal
    if has_changed or request.method != "POST":
        return preview_page(request, draft, has_changed=has_changed)
    sender, language = draft.sender, get_language() or "en"
    try:
        workflow.submit_letters(
            campaign=draft.campaign,
            sender=sender,
            letters=draft.letters,
            language=language,
            consent=consent.current_wording(draft.campaign, draft.country),
            client=client_address(request),
        )
    except workflow.NotOpen:  # the campaign has closed this very moment
        return closed_page(request, Draft(get_campaign(slug), typed))
    return to_check_email(slug, {"email": sender.email, "person": fingerprint_of_person(sender).hex()})


def to_check_email(slug: str, typed: dict[str, str], *, again: bool = False) -> HttpResponse:
    query = f"?to={passages.in_url(typed, passage_name(slug))}{'&again=1' if again else ''}"
    return see_other(reverse("letters:check-email", args=[slug]) + query)


def passage_name(slug: str) -> str:
    """Return what a passage is made for: that of one campaign opens on no other."""
    return f"letters {slug}"


def not_yet(request: HttpRequest, draft: Draft) -> HttpResponse | None:
    """Return the page that must come before the texts, if any."""
    if not draft.typed:
        return redirect(draft.campaign)
    context = {"campaign": draft.campaign, "form": draft.about, "carried": draft.carried_beside(draft.about)}
    if not draft.campaign.is_open:
        return closed_page(request, draft)
    context["elsewhere"] = elsewhere(draft.campaign) if not draft.offices else []
    if not draft.about.is_valid():
        return render(request, "letters/campaign.html", context, status=422)
    if draft.offices:
        return None
    return render(request, "letters/nobody.html", {**context, "carried": draft.carried(), "nobody": draft.nobody})


def closed_page(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Say why nothing can be sent now, and give back what was written."""
    context = {"campaign": draft.campaign, "form": draft.about, "kept": kept_texts(draft.typed)}
    return render(request, "letters/campaign.html", context, status=409)


def unfit(request: HttpRequest, draft: Draft) -> HttpResponse | None:
    """Return the texts to be corrected, or to be looked at since a senator has left office in the meantime."""
    if draft.seat_changes:
        return writing_page(request, draft, is_checked=False, status=409)
    return None if draft.texts.is_valid() else writing_page(request, draft, is_checked=True, status=422)


def writing_page(request: HttpRequest, draft: Draft, *, is_checked: bool, status: int = 200) -> HttpResponse:
    form = draft.texts if is_checked else draft.texts_to_edit
    context = {"campaign": draft.campaign, "draft": draft, "form": form, "carried": draft.carried_beside(form)}
    return render(request, "letters/letters.html", context, status=status)


def preview_page(request: HttpRequest, draft: Draft, *, has_changed: bool = False) -> HttpResponse:
    wording = consent.wording_for(draft.campaign, draft.country)
    context = {"campaign": draft.campaign, "draft": draft, "consent": wording, "has_changed": has_changed}
    return render(request, "letters/preview.html", context, status=409 if has_changed else 200)


def see_other(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)


def kept_texts(typed: QueryDict) -> list[str]:
    return [str(value) for name, value in typed.items() if name.startswith("text_")]


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def check_email(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the address that was given; a POST asks for the same mail again."""
    campaign = get_campaign(slug)
    to = (request.POST if request.method == "POST" else request.GET).get("to", "")
    typed = passages.read(to, passage_name(slug))
    if request.method == "POST" and typed:
        workflow.ask_to_confirm(campaign, bytes.fromhex(typed["person"]), typed["email"], client_address(request))
        return to_check_email(slug, typed, again=True)
    context = {"campaign": campaign, "is_resent": "again" in request.GET}
    if typed:
        context |= {"address": typed["email"], "to": passages.in_form(typed, passage_name(slug))}
    context["works_until"] = campaign.confirmed_by(clock.now() + workflow.UNCONFIRMED_LIFETIME)
    return render(request, "letters/check_email.html", context)
