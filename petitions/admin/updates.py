"""Start an update on a petition by email, which is an issue of the newsletter (docs/decisions/0015)."""

from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from campaign.appeals.models import SOURCE_LANGUAGE
from campaign.supporters.models import Subscriber
from campaign.translation import for_staff
from campaign.web.languages import name_of
from campaign.web.links import absolute
from petitions.models import Petition

NEW_ISSUE = "admin:pages_issue_add"


@permission_required("petitions.view_petition", raise_exception=True)
@require_safe
def update(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who would get it before anybody writes a word."""
    petition = get_object_or_404(Petition.objects.for_display(), pk=pk)
    languages = [(name_of(code), number) for code, number in Subscriber.objects.confirmed().by_language()]
    context = {
        **admin.site.each_context(request),
        "title": for_staff("Send an update"),
        "petition": petition,
        "languages": languages,
        "recipients": sum(number for _name, number in languages),
        "write_url": f"{reverse(NEW_ISSUE)}?{urlencode(first_words(petition))}",
    }
    return render(request, "admin/petitions/petition/update.html", context)


def first_words(petition: Petition) -> dict[str, str]:
    """Return the initial subject and body of the draft, in the language that issues are written in."""
    with translation.override(SOURCE_LANGUAGE):
        title, url = petition.text.title, absolute(petition.get_absolute_url())
        subject = f"News of the petition: {title}"
        return {"subject": subject[:150], "body": format_html('<p><a href="{}">{}</a></p>', url, title)}
