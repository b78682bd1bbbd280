"""The pages of the newsletter: ask for news, confirm, unsubscribe."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from campaign.mail.cooldown import honour
from campaign.protection.networks import client_address
from campaign.secrecy import passages, tokens
from campaign.supporters import subscriptions
from campaign.supporters.forms import NewsletterForm
from campaign.web.decorators import personal_page, public_page

PASSAGE = "newsletter-check-email"


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: HttpRequest) -> HttpResponse:
    form = NewsletterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return subscribe_and_redirect(request, form.cleaned_data["email"])
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "consent": subscriptions.consent_wording()}
    return render(request, "supporters/newsletter.html", context, status=status)


def subscribe_and_redirect(request: HttpRequest, address: str) -> HttpResponse:
    """Ask for confirmation; the answer is the same whatever is known of the address."""
    subscriptions.ask(address=address, language=get_language() or "en", client=client_address(request))
    passage = passages.in_url({"email": address}, PASSAGE)
    return HttpResponseRedirect(f"{reverse('supporters:newsletter-check-email')}?to={passage}")


@personal_page
@require_safe
def check_email(request: HttpRequest) -> HttpResponse:
    typed = passages.read(request.GET.get("to", ""), PASSAGE)
    return render(request, "supporters/check_email.html", {"address": typed["email"] if typed else None})


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    digest = tokens.digest(token)
    is_first = subscriptions.is_pending(token_digest=digest)
    language = get_language() or "en"  # of the mail, as its link leads here
    if request.method == "POST" and subscriptions.confirm(token_digest=digest, language=language):
        if is_first:
            honour(request.GET.get("receipt", ""))
        return redirect("supporters:newsletter-thanks")
    if request.method == "POST" or not subscriptions.can_confirm_subscription(token_digest=digest):
        return render(request, "supporters/unusable.html", status=404)
    return render(request, "supporters/confirm.html")


@public_page
@require_safe
def newsletter_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "supporters/thanks.html")


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe on POST. Mail programs post here themselves (RFC 8058): no cookie, no redirect, one answer."""
    digest = tokens.digest(token)
    if request.method == "POST" and subscriptions.unsubscribe(token_digest=digest):
        return render(request, "supporters/unsubscribed.html")
    if request.method == "POST" or not subscriptions.can_unsubscribe(token_digest=digest):
        return render(request, "supporters/unusable.html", status=404)
    return render(request, "supporters/unsubscribe.html")
