"""The pages of a letter campaign and the steps of writing. Each step posts to its own address and is checked whole;
opened by itself, a later step leads back to the first."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from campaign.errors import Gone
from campaign.protection.pages import personal_page, public_page
from campaign.secrecy import passages
from letters import consent, writing
from letters.drafting import Draft
from letters.forms import AboutForm
from letters.models import LetterCampaign
from letters.models.campaigns import Visibility
from letters.senders import fingerprint

PASSAGE = "letter-check-email"


def get_campaign(slug: str) -> LetterCampaign:
    """Raises Http404 if nobody may see it, Gone if it was removed."""
    campaign = LetterCampaign.objects.has_been_public().for_display().with_slug(slug).first()
    if campaign is None:
        raise Http404
    if campaign.visibility == Visibility.REMOVED:
        raise Gone
    return campaign


@public_page
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    return render(request, "letters/list.html", {"campaigns": LetterCampaign.objects.published().for_display()})


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The ask and the first step; a post comes back from a later step, to change something."""
    campaign = get_campaign(slug)
    if request.method != "POST":
        return render(request, "letters/campaign.html", {"campaign": campaign, "form": AboutForm()})
    draft = Draft(campaign, request.POST)
    form = AboutForm(initial=dict(draft.carried()))
    context = {"campaign": campaign, "form": form, "carried": draft.carried_beside(form)}
    return render(request, "letters/campaign.html", context)


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """The second step: one text for each senator."""
    draft = Draft(get_campaign(slug), request.POST)
    return not_yet(request, draft) or writing_page(request, draft, is_checked=False)


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The third step: exactly what is sent."""
    draft = Draft(get_campaign(slug), request.POST)
    return not_yet(request, draft) or unfit(request, draft) or preview_page(request, draft)


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """The last submit. Whatever is known of the address, the answer is the same."""
    draft = Draft(get_campaign(slug), request.POST)
    if refusal := not_yet(request, draft) or unfit(request, draft):
        return refusal
    if request.POST.get("seal") != draft.seal:
        return preview_page(request, draft, has_changed=True)
    sender, language = draft.sender, get_language() or "en"
    try:
        writing.submit(
            campaign=draft.campaign, sender=sender, letters=draft.letters, language=language, consent=consent.current()
        )
    except writing.NotOpen:  # it closed this moment
        return closed_page(request, Draft(get_campaign(slug), request.POST))
    to = passages.wrap({"email": sender.email, "person": fingerprint(sender).hex()}, PASSAGE)
    return see_other(f"{reverse('letters:check-email', args=[slug])}?to={to}")


def not_yet(request: HttpRequest, draft: Draft) -> HttpResponse | None:
    """The page that stands in the way of the texts, if any does."""
    if request.method != "POST":
        return redirect(draft.campaign)
    context = {"campaign": draft.campaign, "form": draft.about, "carried": draft.carried_beside(draft.about)}
    if not draft.campaign.is_open:
        return closed_page(request, draft)
    if not draft.about.is_valid():
        return render(request, "letters/campaign.html", context, status=422)
    if draft.offices:
        return None
    return render(request, "letters/no_senators.html", {**context, "carried": draft.carried(), "no": draft.no_senators})


def closed_page(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Says why nothing can be sent now, and gives back what was written."""
    context = {"campaign": draft.campaign, "form": draft.about, "kept": kept_texts(draft.typed)}
    return render(request, "letters/campaign.html", context, status=409)


def unfit(request: HttpRequest, draft: Draft) -> HttpResponse | None:
    return None if draft.texts.is_valid() else writing_page(request, draft, is_checked=True)


def writing_page(request: HttpRequest, draft: Draft, *, is_checked: bool) -> HttpResponse:
    form = draft.texts if is_checked else draft.texts_to_edit
    context = {"campaign": draft.campaign, "draft": draft, "form": form, "carried": draft.carried_beside(form)}
    return render(request, "letters/letters.html", context, status=422 if is_checked else 200)


def preview_page(request: HttpRequest, draft: Draft, *, has_changed: bool = False) -> HttpResponse:
    context = {"campaign": draft.campaign, "draft": draft, "consent": consent.wording(), "has_changed": has_changed}
    return render(request, "letters/preview.html", context, status=409 if has_changed else 200)


def see_other(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)


def kept_texts(typed: QueryDict) -> list[str]:
    return [str(value) for name, value in typed.items() if name.startswith("text_")]


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def check_email(request: HttpRequest, slug: str) -> HttpResponse:
    """Names the address that was given; a post asks for the same mail again."""
    campaign = get_campaign(slug)
    to = (request.POST if request.method == "POST" else request.GET).get("to", "")
    typed = passages.unwrap(to, PASSAGE)
    if request.method == "POST" and typed:
        writing.ask_to_confirm(campaign, bytes.fromhex(typed["person"]), typed["email"])
        return see_other(f"{reverse('letters:check-email', args=[slug])}?to={to}&again=1")
    address = typed["email"] if typed else None
    context = {"campaign": campaign, "address": address, "to": to, "is_resent": "again" in request.GET}
    context["works_until"] = campaign.confirmed_by(timezone.now() + writing.LIFETIME)
    return render(request, "letters/check_email.html", context)
