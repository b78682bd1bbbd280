"""The pages of the newsletter: ask for news, confirm, unsubscribe."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from campaign.mail.cooldown import honour
from campaign.protection.networks import client_address
from campaign.secrecy import passages, tokens
from campaign.supporters import leaving, subscriptions
from campaign.supporters.forms import LeaveForm, NewsletterForm
from campaign.web.decorators import personal_page, public_page
from campaign.web.forms.shown_again import shown_again

PASSAGE = "newsletter-check-email"


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
@shown_again(is_kept=False)
def newsletter(request: HttpRequest, typed: QueryDict | None) -> HttpResponse:
    form = NewsletterForm(typed)
    if request.method == "POST" and form.is_valid():
        return subscribe_and_redirect(request, form.cleaned_data["email"])
    return render_newsletter(request, form, leave_form())


def render_newsletter(request: HttpRequest, form: NewsletterForm, leaving_form: LeaveForm) -> HttpResponse:
    context = {"form": form, "leave_form": leaving_form, "consent": subscriptions.consent_wording()}
    status = 422 if form.errors or leaving_form.errors else 200
    return render(request, "supporters/newsletter.html", context, status=status)


def leave_form(typed: QueryDict | None = None) -> LeaveForm:
    return LeaveForm(typed, auto_id="id_leave_%s")


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
@shown_again(is_kept=False)
def ask_to_leave(request: HttpRequest, typed: QueryDict | None) -> HttpResponse:
    """Have the way out mailed; the answer is the same for every address."""
    form = leave_form(typed)
    if typed is None:
        return redirect("supporters:newsletter")
    if request.method != "POST" or not form.is_valid():
        return render_newsletter(request, NewsletterForm(), form)
    address, language = form.cleaned_data["email"], get_language() or "en"
    leaving.ask(address=address, language=language, client=client_address(request))
    return redirect("supporters:newsletter-asked-to-leave")


@public_page
@require_safe
def asked_to_leave(request: HttpRequest) -> HttpResponse:
    return render(request, "supporters/asked_to_leave.html")


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def leave_page(request: HttpRequest, token: str) -> HttpResponse:
    address = leaving.address_in_token(token)
    if address is None:
        return render(request, "supporters/unusable.html", status=404)
    if request.method == "POST":
        leaving.leave(address)
        return render(request, "supporters/unsubscribed.html")
    return render(request, "supporters/unsubscribe.html")


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
