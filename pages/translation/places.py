"""Show translators every screen and mail in its place: the pages that have an address, and the mails with examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from campaign.mail import examples
from campaign.translation import for_staff
from letters.models import LetterCampaign
from pages.models import Audience, NewsItem, Page
from pages.translation.translators_desk import chosen_language, needs_editor
from petitions.models import Petition

PUBLIC = [name for name in examples.MAILS if not name.startswith("staff/")]
ALONE = """
    pages:home petitions:list letters:list pages:news pages:search pages:safety pages:contact pages:contact-sent
    petitions:leaving petitions:leaving-asked petitions:not-me-done supporters:newsletter supporters:newsletter-thanks
    supporters:newsletter-asked-to-leave
""".split()
OF_A_PETITION = "petitions:petition petitions:thanks petitions:statistics petitions:card".split()
OF_A_CAMPAIGN = "letters:campaign letters:statistics".split()
OF_A_LINK = """
    petitions:confirm petitions:not-me petitions:mine letters:confirm letters:track letters:mine
    supporters:newsletter-confirm supporters:newsletter-leave supporters:newsletter-unsubscribe
""".split()  # as they answer to a link that is too old
# A mail is shown alone in its frame: its inline style is all that it may bring.
OF_A_MAIL: Any = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": True,
}
WITH_FRAMES: Any = settings.SECURE_CSP | {"frame-src": [CSP.SELF]}


@dataclass(frozen=True)
class ExampleMail:
    name: str
    language: str
    is_reminder: bool

    @property
    def frame(self) -> str:
        query = f"?language={self.language}&mail={self.name}{'&reminder' if self.is_reminder else ''}"
        return reverse("admin:translations_mail") + query

    @property
    def text(self) -> str:
        return examples.text_of(self.name, self.language, is_reminder=self.is_reminder)

    @property
    def subject(self) -> str:
        return self.text.partition("\n")[0]


def mails(language: str) -> Iterator[ExampleMail]:
    for name in PUBLIC:
        yield ExampleMail(name, language, is_reminder=False)
        if name in examples.REMINDERS:
            yield ExampleMail(name, language, is_reminder=True)


def screens(language: str) -> list[str]:
    """Return the addresses, in the language, of every kind of screen that has one."""
    content: list[Any] = [Page, Audience, NewsItem]
    written = [newest(model.objects.published()) for model in content]
    campaigns = LetterCampaign.objects.published()
    appeals = [
        (OF_A_PETITION, newest(Petition.objects.published())),
        (OF_A_CAMPAIGN, newest(campaigns)),
        (["letters:board"], newest(campaigns.filter(shows_board=True))),
    ]
    with translation.override(language):
        found = [reverse(name) for name in ALONE]
        found += [one.get_absolute_url() for one in written if one]
        found += [reverse(name, args=[appeal.slug]) for names, appeal in appeals if appeal for name in names]
        found += [reverse(name, args=["unusable"]) for name in OF_A_LINK]
        return [*found, reverse("pages:page", args=["no-such-page"])]


def newest(found: QuerySet[Any]) -> Any:
    return found.order_by("-pk").first()


@needs_editor
@require_safe
@csp_override(WITH_FRAMES)
def show(request: HttpRequest) -> HttpResponse:
    language = chosen_language(request)
    shown = {
        "languages": {code: name for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE},
        "chosen": language,
        "screens": screens(language),
        "mails": mails(language),
        "title": for_staff("Screens and mails in their place"),
    }
    return TemplateResponse(request, "admin/translation/places.html", {**admin.site.each_context(request), **shown})


@needs_editor
@require_safe
@xframe_options_sameorigin
@csp_override(OF_A_MAIL)
def mail(request: HttpRequest) -> HttpResponse:
    """Answer with the HTML of a mail, for its frame."""
    name = request.GET.get("mail", "")
    if name not in PUBLIC:
        raise Http404
    return HttpResponse(examples.html_of(name, chosen_language(request), is_reminder="reminder" in request.GET))


VIEWS = {"translations_places": show, "translations_mail": mail}  # by their names, and addresses, in the admin
