"""The pages of one signer: between signing and being counted, and how to leave."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from campaign.protection.pages import personal_page
from campaign.secrecy import passages
from campaign.supporters.subscribing import wish_for
from petitions import confirming, signing
from petitions.after_signing import PASSAGE, sign_and_redirect
from petitions.forms import CodeForm, PassageForm, ResendForm
from petitions.models import Petition
from petitions.showing import get_petition


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def check_email(request: HttpRequest, slug: str) -> HttpResponse:
    """Names the address that was given; takes another one, or the wish for the same mail again."""
    petition = get_petition(slug)
    to = (request.POST if request.method == "POST" else request.GET).get("to", "")
    typed = passages.unwrap(to, PASSAGE)
    form = ResendForm(request.POST or None, initial={"to": to, "email": typed and typed["email"]})
    if request.method == "POST" and typed and petition.is_open and form.is_valid():
        with suppress(signing.NotOpen):
            return sign_and_redirect(request, petition, {**typed, "email": form.cleaned_data["email"]}, is_resent=True)
    return render_check_email(request, petition, to, form=form)


@personal_page
@require_POST
def confirm_by_code(request: HttpRequest, slug: str) -> HttpResponse:
    petition = get_petition(slug)
    form = CodeForm(request.POST)
    typed = passages.unwrap(request.POST.get("to", ""), PASSAGE)
    if typed and form.is_valid():
        code = form.cleaned_data["code"]
        wish = wish_for(typed["email"], language=get_language() or "en") if typed["updates"] else ""
        if confirming.confirm_by_code(petition=petition, address=typed["email"], code=code, wish=wish):
            return redirect("petitions:thanks", petition.slug)
        form.refuse()
    return render_check_email(request, petition, request.POST.get("to", ""), code_form=form)


def render_check_email(
    request: HttpRequest,
    petition: Petition,
    to: str,
    *,
    form: ResendForm | None = None,
    code_form: CodeForm | None = None,
) -> HttpResponse:
    """With the forms that can still do something; the page says why one is not there."""
    typed = passages.unwrap(to, PASSAGE)
    context = {"petition": petition, "address": typed and typed["email"], "is_resent": "again" in request.GET}
    context |= {"is_expired": bool(to) and not typed}
    if typed and petition.takes_confirmations:
        context["code_form"] = to_be_posted(code_form or CodeForm(initial={"to": to}), "code", petition)
    if typed and petition.is_open:
        form = form or ResendForm(initial={"to": to, "email": typed["email"]})
        context["form"] = to_be_posted(form, "check-email", petition)
    return render(request, "petitions/check_email.html", context)


def to_be_posted(form: PassageForm, name: str, petition: Petition) -> PassageForm:
    form.action = reverse(f"petitions:{name}", args=[petition.slug])
    return form


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    receipt, wish = request.GET.get("receipt", ""), request.GET.get("news", "")
    is_post = request.method == "POST"
    signature = confirming.confirm(token, receipt=receipt, wish=wish) if is_post else confirming.find(token)
    if signature is None:
        return render(request, "petitions/confirm_unusable.html", {"petitions": Petition.objects.visible()}, status=404)
    if is_post:
        return redirect("petitions:thanks", signature.petition.slug)
    return render(request, "petitions/confirm.html", {"petition": get_petition(signature.petition.slug)})


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """The same page for every link, so that it tells nothing."""
    if request.method == "POST":
        confirming.disown(token, request.POST.get("address", ""))
        return redirect("petitions:not-me-done")
    return render(request, "petitions/not_me.html", {"address": request.GET.get("address", "")})


@personal_page
@require_http_methods(["GET", "HEAD"])
def not_me_done(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/not_me_done.html")
