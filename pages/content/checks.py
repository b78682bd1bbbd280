"""Look over content before it is published or sent, and name what staff may have overlooked, in every language shown.

Placeholders that nobody has filled in and links on this site that lead nowhere are wrong for everybody; texts without a
translation and invisible characters are warnings. Nothing is fetched: where a link leads is looked up.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import Resolver404, resolve
from django.utils.translation import override

from campaign.revisions import history
from campaign.staff.editing.text_checks import TextRemark, links_within, path_within, remarks_on
from campaign.translation import for_staff, for_staff_plural
from campaign.web.languages import language_of, name_of
from letters.models import LetterCampaign
from pages.models import Audience, NewsItem, Page, Redirect
from pages.translation.editor import lines, progress, translated_rows
from petitions.models import Petition

# By the name of the view: what is shown there, and by which of its columns the address finds it.
SHOWN_AT: dict[str, tuple[Any, str]] = {
    "pages:page": (Page, "path"),
    "pages:news-item": (NewsItem, "slug"),
    "pages:audience": (Audience, "slug"),
    "petitions:petition": (Petition, "slug"),
    "letters:campaign": (LetterCampaign, "slug"),
}


def remarks(content: Any) -> list[TextRemark]:
    """Return what is to be looked at, faults first, in a constant number of queries."""
    prefetch_related_objects([content], *history.parts_of(content), *getattr(content, "translated_with", ()))
    found = [*of_texts(content), *of_links(content), *of_translations(content)]
    return sorted(dict.fromkeys(found), key=lambda remark: not remark.is_fault)


def of_texts(content: Any) -> Iterator[TextRemark]:
    for language, field, text in texts(content):
        for remark in remarks_on(text):
            yield TextRemark(f"{field} ({name_of(language)}): {remark.text}.", remark.is_fault)


def of_links(content: Any) -> Iterator[TextRemark]:
    linked = {path for _language, _field, text in texts(content) for path in links_within(text)}
    linked |= {path for row in translated_rows(content) if (path := path_within(getattr(row, "url", "") or ""))}
    for path in sorted(nowhere(linked)):
        yield TextRemark(
            for_staff("The link to %(path)s leads nowhere: nothing is shown there now.") % {"path": path}, is_fault=True
        )


def of_translations(content: Any) -> Iterator[TextRemark]:
    for each in progress(content):
        if each.is_shown and each.translated < each.texts:
            missing = each.texts - each.translated
            told = for_staff_plural(
                "%(name)s: %(number)s text has no translation and will be shown in another language.",
                "%(name)s: %(number)s texts have no translation and will be shown in another language.",
                missing,
            )
            yield TextRemark(told % {"name": each.name, "number": missing}, is_fault=False)
        if each.is_shown and each.outdated:
            yield TextRemark(
                for_staff("%(name)s: the original has changed since it was translated.") % {"name": each.name},
                is_fault=False,
            )


def texts(content: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the language, the name of the field, and each text that visitors see."""
    for language in content.shown_languages():
        for line in lines(content, language):
            is_original = language == content.original_language
            yield (
                language,
                str(line.field.verbose_name).capitalize(),
                line.original if is_original else line.translation,
            )


def nowhere(paths: set[str]) -> set[str]:
    """Return those at which visitors find nothing."""
    wanted: dict[str, dict[str, str]] = {}  # by view: what the address says, and the path
    lost = set()
    for path in (path for path in paths if not path.startswith(settings.STATIC_URL)):
        view, said = place_of(path)
        if view is None:
            lost.add(path)
        elif view in SHOWN_AT:
            wanted.setdefault(view, {})[said] = path
    for view, by_name in wanted.items():
        lost |= {by_name[name] for name in by_name.keys() - there(view, set(by_name))}
    return lost


def place_of(path: str) -> tuple[str | None, str]:
    """Return the name of the view that answers a path in whichever language, and what the address says to it."""
    with override(language_of(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path if path.endswith("/") or "." in path else f"{path}/")
        except Resolver404:
            return None, ""
    return match.view_name, str(match.kwargs.get("path") or match.kwargs.get("slug") or "")


def there(view: str, names: set[str]) -> set[str]:
    """Return which of the names are to be seen, or lead on to what is."""
    model, column = SHOWN_AT[view]
    seen = set(model.objects.published().filter(**{f"{column}__in": names}).values_list(column, flat=True))
    if view == "pages:page":
        seen |= set(Redirect.objects.filter(path__in=names).values_list("path", flat=True))
    return seen
