"""The pages of a petition."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campaign.errors import Gone
from campaign.protection.networks import client_address
from campaign.protection.pages import personal_page, public_page
from campaign.supporters import passages
from petitions import consent, signing, statistics
from petitions.forms import ResendForm, SignForm
from petitions.models import Petition

PASSAGE = "petition-check-email"


def get_petition(slug: str) -> Petition:
    """Raises Http404 if nobody may see it, Gone if it was removed."""
    petition = Petition.objects.for_display().filter(slug=slug).first()
    if petition is None or petition.visibility == "draft":
        raise Http404
    if petition.visibility == "removed":
        raise Gone
    return petition


@public_page
@require_safe
def petition_list(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/list.html", {"petitions": Petition.objects.visible()})


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def petition_page(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    form = SignForm(request.POST or None)
    context = {"petition": petition, "form": form, "consent": consent.wording()}
    if request.method != "POST":
        return render(request, "petitions/petition.html", context)
    if not petition.is_open:
        return render(request, "petitions/petition.html", context, status=409)
    if not form.is_valid():
        return render(request, "petitions/petition.html", context, status=422)
    return sign_and_redirect(request, petition, form.cleaned_data)


def sign_and_redirect(
    request: HttpRequest, petition: Petition, typed: dict[str, str], *, is_resent: bool = False
) -> HttpResponse:
    """The same answer whatever is known of the address."""
    signing.sign(
        petition=petition,
        text=petition.text,
        consent=consent.current(),
        name=typed["name"],
        address=typed["email"],
        country=typed["country"],
        client=client_address(request),
        wants_news=bool(typed["updates"]),
    )
    again = "&again=1" if is_resent else ""
    to = passages.wrap(typed, PASSAGE)
    return redirect(f"{reverse('petitions:check-email', args=[petition.slug])}?to={to}{again}")


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def check_email(request: HttpRequest, slug: str) -> HttpResponse:
    """Names the address that was given; takes another one, or the wish for the same mail again."""
    petition = get_petition(slug)
    to = (request.POST if request.method == "POST" else request.GET).get("to", "")
    typed = passages.unwrap(to, PASSAGE)
    address = typed["email"] if typed else None
    form = ResendForm(request.POST or None, initial={"to": to, "email": address})
    if request.method == "POST" and typed and petition.is_open and form.is_valid():
        return sign_and_redirect(request, petition, {**typed, "email": form.cleaned_data["email"]}, is_resent=True)
    context = {"petition": petition, "address": address, "form": form if typed else None, "to": to}
    return render(request, "petitions/check_email.html", {**context, "is_resent": "again" in request.GET})


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    signature = signing.confirm(token) if request.method == "POST" else signing.find(token)
    if signature is None:
        return render(request, "petitions/confirm_unusable.html", {"petitions": Petition.objects.visible()}, status=404)
    if request.method == "POST":
        return redirect("petitions:thanks", signature.petition.slug)
    return render(request, "petitions/confirm.html", {"petition": get_petition(signature.petition.slug)})


@public_page
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "petitions/thanks.html", {"petition": get_petition(slug)})


@public_page
@require_safe
def statistics_page(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    context = {"petition": petition, "by_country": statistics.by_country(petition), "by_day": statistics.by_day(petition)}
    return render(request, "petitions/statistics.html", context)


@public_page
@require_safe
def count(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    return JsonResponse({"count": petition.count, "as_of": petition.counted_at.isoformat()})
