from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from campaign.protection.networks import client_address
from campaign.web.decorators import personal_page
from campaign.web.forms.shown_again import shown_again
from pages.contact import messages
from pages.contact.forms import ContactForm, opened_now
from pages.content.context_processors import settings_of

FIELDS = ("name", "email", "message")


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
@shown_again(is_kept=False)
def contact(request: HttpRequest, typed: QueryDict | None) -> HttpResponse:
    to = settings_of(request).contact_email
    if not to:
        raise Http404
    form = ContactForm(typed, initial={"opened": opened_now()})
    if request.method == "POST" and form.is_valid():
        return send(request, form, to)
    return render(request, "pages/contact.html", {"form": form}, status=422 if form.errors else 200)


def send(request: HttpRequest, form: ContactForm, to: str) -> HttpResponse:
    """Send the message unless it is from a robot; the answer is the same."""
    if not form.is_from_a_robot:
        words = {name: form.cleaned_data[name] for name in FIELDS}
        messages.write(to=to, **words, language=get_language() or "en", client=client_address(request))
    return redirect("pages:contact-sent")


@personal_page
@require_safe
def message_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/contact_sent.html")
