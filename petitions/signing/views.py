"""The signers' pages: the form, and the steps between signing and being counted."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from campaign.performance.local_cache import kept
from campaign.protection.networks import client_address
from campaign.secrecy import passages
from campaign.web.decorators import personal_page, public_page
from campaign.web.forms.shown_again import shown_again
from petitions.models import Petition
from petitions.public import comments, selectors
from petitions.public.comments import PublicComment
from petitions.public.events import events
from petitions.public.selectors import get_petition
from petitions.signing import confirming, consent, sign
from petitions.signing.forms import ConfirmByCodeForm, PassageForm, ResendForm, SignForm, form_for, words_named


def passage_of(petition: Petition) -> str:
    """Return what a passage is made for: that of one petition opens on no other."""
    return f"check-email {petition.slug}"


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
@shown_again(is_kept=False)
def petition_page(request: HttpRequest, slug: str, typed: QueryDict | None) -> HttpResponse:
    petition = get_petition(slug)
    form = form_for(petition, typed)
    if request.method != "POST":
        return render_petition(request, petition, form, status=422 if form.errors else 200)
    if form.is_valid():
        with suppress(sign.NotOpen):
            return sign_and_redirect(request, petition, form.cleaned_data | words_named(request.POST))
        petition = selectors.read(slug) or petition  # it may have been stopped a moment ago
    return render_petition(request, petition, form, status=422 if petition.is_open else 409)


def render_petition(request: HttpRequest, petition: Petition, form: SignForm, status: int = 200) -> HttpResponse:
    context = {"petition": petition, "form": form, "consent": consent.wording(petition)}
    context["events"] = events(petition)
    context["text_languages"] = petition.shown_languages()
    if petition.asks_why:
        context["voices"] = comments.newest(petition.pk)
    return render(request, "petitions/petition.html", context, status=status)


def sign_and_redirect(
    request: HttpRequest, petition: Petition, typed: dict[str, Any], *, is_resent: bool = False
) -> HttpResponse:
    """Record the signature and redirect; the answer is the same whatever is known of the address.

    What is signed are the words that the page showed, which may be one that was opened long ago.
    """
    language = get_language() or "en"
    text = selectors.text_shown(petition, typed.get("text", ""), language)
    agreed_to = consent.shown(petition, typed.get("consent", ""))
    sign.sign(
        petition=petition,
        text=text,
        consent=agreed_to,
        name=typed["name"],
        address=typed["email"],
        country=typed["country"],
        language=language,
        client=client_address(request),
        wants_news=bool(typed["updates"]),
        said=comment_in(typed) if petition.asks_why else None,
    )
    carried = {**typed, "text": str(text.pk), "consent": consent.mark_of(agreed_to)}
    again = "&again=1" if is_resent else ""
    return HttpResponseRedirect(
        f"{check_email_path(petition.slug, language)}?to={passages.in_url(carried, passage_of(petition))}{again}"
    )


def comment_in(typed: dict[str, Any]) -> PublicComment:
    """Return what was typed into the fields that only petitions that ask for reasons have."""
    return PublicComment(typed.get("reason", ""), typed.get("public_name", ""), bool(typed.get("is_public")))


@kept
def check_email_path(slug: str, language: str) -> str:
    with translation.override(language):
        return reverse("petitions:check-email", args=[slug])


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def check_email(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the address that was given; a POST corrects it, or asks for the same mail again."""
    petition = get_petition(slug)
    to = (request.POST if request.method == "POST" else request.GET).get("to", "")
    typed = passages.read(to, passage_of(petition))
    form = ResendForm(request.POST) if request.method == "POST" else None
    if form and typed and petition.is_open and form.is_valid():
        with suppress(sign.NotOpen):
            return sign_and_redirect(request, petition, {**typed, "email": form.cleaned_data["email"]}, is_resent=True)
    return render_check_email(request, petition, to, form=form)


@personal_page
@require_POST
def confirm_by_code(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    form = ConfirmByCodeForm(request.POST)
    typed = passages.read(request.POST.get("to", ""), passage_of(petition))
    if typed and form.is_valid():
        code = form.cleaned_data["code"]
        if confirming.confirm_by_code(petition=petition, address=typed["email"], code=code):
            return redirect("petitions:thanks", petition.slug)
        form.refuse()
    return render_check_email(request, petition, request.POST.get("to", ""), code_form=form)


def render_check_email(
    request: HttpRequest,
    petition: Petition,
    to: str,
    *,
    form: ResendForm | None = None,
    code_form: ConfirmByCodeForm | None = None,
) -> HttpResponse:
    """Render the page with the forms that still have an effect; it says why one is missing."""
    typed = passages.read(to, passage_of(petition))
    carried = typed and {"to": passages.in_form(typed, passage_of(petition)), "email": typed["email"]}
    context = {"petition": petition, "address": typed and typed["email"], "is_resent": "again" in request.GET}
    context |= {"is_expired": bool(to) and not typed}
    if typed and petition.takes_confirmations:
        context["code_form"] = to_be_posted(code_form or ConfirmByCodeForm(initial=carried), "code", petition)
    if typed and petition.is_open:
        form = form or ResendForm(initial=carried)
        context["form"] = to_be_posted(form, "check-email", petition)
    return render(request, "petitions/check_email.html", context)


def to_be_posted(form: PassageForm, name: str, petition: Petition) -> PassageForm:
    form.action = reverse(f"petitions:{name}", args=[petition.slug])
    return form


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    is_post = request.method == "POST"
    signature = confirming.confirm(token, receipt=request.GET.get("receipt", "")) if is_post else confirming.find(token)
    if signature is None:
        return render(request, "petitions/confirm_unusable.html", {"petitions": Petition.objects.visible()}, status=404)
    if is_post:
        return redirect("petitions:thanks", signature.petition.slug)
    petition = get_petition(signature.petition.slug)
    context = {"petition": petition, "text": petition.text_signed(signature)}
    return render(request, "petitions/confirm.html", context)


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for confirmation, then disown. The page is the same for every link, so that it reveals nothing."""
    if request.method == "POST":
        confirming.disown(token, request.POST.get("address", ""))
        return redirect("petitions:not-me-done")
    return render(request, "petitions/not_me.html", {"address": request.GET.get("address", "")})


@personal_page
@require_http_methods(["GET", "HEAD"])
def not_me_done(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/not_me_done.html")
