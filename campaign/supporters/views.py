"""Asking for news, confirming, and leaving: the pages of the newsletter."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from campaign.outbox.receipts import honour
from campaign.protection.pages import personal_page, public_page
from campaign.secrecy import passages, tokens
from campaign.supporters import subscribing
from campaign.supporters.forms import NewsletterForm

PASSAGE = "newsletter-check-email"


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: HttpRequest) -> HttpResponse:
    form = NewsletterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return subscribe_and_redirect(form.cleaned_data["email"])
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "consent": subscribing.consent_wording()}
    return render(request, "supporters/newsletter.html", context, status=status)


def subscribe_and_redirect(address: str) -> HttpResponse:
    """The same answer whatever is known of the address."""
    subscribing.ask(address=address, language=get_language() or "en")
    passage = passages.wrap({"email": address}, PASSAGE)
    return HttpResponseRedirect(f"{reverse('supporters:newsletter-check-email')}?to={passage}")


@personal_page
@require_safe
def check_email(request: HttpRequest) -> HttpResponse:
    typed = passages.unwrap(request.GET.get("to", ""), PASSAGE)
    return render(request, "supporters/check_email.html", {"address": typed["email"] if typed else None})


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    digest = tokens.digest(token)
    is_first = subscribing.is_pending(token_digest=digest)
    if request.method == "POST" and subscribing.confirm(token_digest=digest):
        if is_first:
            honour(request.GET.get("receipt", ""))
        return redirect("supporters:newsletter-thanks")
    if request.method == "POST" or not subscribing.can_confirm(token_digest=digest):
        return render(request, "supporters/unusable.html", status=404)
    return render(request, "supporters/confirm.html")


@public_page
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "supporters/thanks.html")


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Mail programs post here by themselves (RFC 8058): no cookie, no redirect, one answer."""
    digest = tokens.digest(token)
    if request.method == "POST" and subscribing.unsubscribe(token_digest=digest):
        return render(request, "supporters/unsubscribed.html")
    if request.method == "POST" or not subscribing.can_unsubscribe(token_digest=digest):
        return render(request, "supporters/unusable.html", status=404)
    return render(request, "supporters/unsubscribe.html")
