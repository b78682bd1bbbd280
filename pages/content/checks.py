"""Look over content before it is published or sent, and name what staff may have overlooked, in every language shown.

Of pages, news, action lists, issues and all else that is translated, of petitions and of letter campaigns. Placeholders
that nobody has filled in, links on this site that lead nowhere and letters that are too long to be sent are wrong for
everybody; the rest are warnings. Nothing is fetched: where a link leads is looked up.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, TextField, prefetch_related_objects
from django.urls import Resolver404, resolve
from django.utils.translation import override

from campaign.appeals.models import SOURCE_LANGUAGE
from campaign.revisions import history
from campaign.revisions.models import Version
from campaign.staff.editing.text_checks import TextRemark, links_within, path_within, remarks_on
from campaign.translation import for_staff, for_staff_plural
from campaign.web.languages import language_of, name_of
from letters.models import LetterCampaign, Office
from letters.wizard.forms import LONGEST_BODY
from pages.models import Audience, Film, NewsItem, Page, Redirect
from pages.publishing.translatable import Translatable
from pages.translation.editor import lines, progress, translated_rows
from petitions.models import Petition

AS_SAID = {"captions", "transcript"}  # where “[MUSIC]” is nothing to fill in
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
    found = [
        *of_texts(content),
        *of_links(content),
        *of_translations(content),
        *of_address(content),
        *of_blocks(content),
    ]
    if isinstance(content, LetterCampaign):
        found += of_letters(content)
    return sorted(dict.fromkeys(found), key=lambda remark: not remark.is_fault)


def of_texts(content: Any) -> Iterator[TextRemark]:
    for language, field, text in texts(content, without=AS_SAID):
        for remark in remarks_on(text):
            is_invitation = isinstance(content, LetterCampaign) and "[" in remark.text  # to whoever writes the letter
            is_fault = remark.is_fault and not is_invitation
            yield TextRemark(f"{field} ({name_of(language)}): {remark.text}.", is_fault)


def of_links(content: Any) -> Iterator[TextRemark]:
    linked = {path for _code, _name, text in texts(content) for path in links_within(text)}
    linked |= {path for row in written_rows(content) for link in addresses_in(row) if (path := path_within(link))}
    for path in sorted(nowhere(linked)):
        yield TextRemark(
            for_staff("The link to %(path)s leads nowhere: nothing is shown there now.") % {"path": path}, is_fault=True
        )


def addresses_in(row: Any) -> Iterator[str]:
    for field in row._meta.concrete_fields:
        if field.name == "url" or field.name.endswith("_url"):
            yield getattr(row, field.name) or ""


def of_translations(content: Any) -> Iterator[TextRemark]:
    if not isinstance(content, Translatable):
        return
    for each in progress(content):
        if each.is_shown and each.missing:
            told = for_staff_plural(
                "%(language)s: %(number)s text has no translation. Until it has, all that it is part of is shown in "
                "%(original)s.",
                "%(language)s: %(number)s texts have no translation. Until they have, all that they are part of is "
                "shown in %(original)s.",
                each.missing,
            )
            named = {"language": each.name, "original": name_of(content.language_for(each.language))}
            yield TextRemark(told % {**named, "number": each.missing}, is_fault=False)
        if each.is_shown and each.outdated:
            yield TextRemark(
                for_staff("%(name)s: the original has changed since it was translated.") % {"name": each.name},
                is_fault=False,
            )


def of_address(content: Any) -> Iterator[TextRemark]:
    """Yield what else has, had or is going to have the address of a page or of a news item."""
    if not isinstance(content, Page | NewsItem):
        return
    path = content.path if isinstance(content, Page) else f"news/{content.slug}"
    for old in (old for old in Redirect.objects.from_path(path) if old.target != content):
        told = for_staff(
            "The address /%(path)s/ led to “%(other)s” before: whoever follows an old link finds this instead."
        )
        yield TextRemark(told % {"path": path, "other": old.target}, is_fault=False)
    place = {"data__parent_id": content.parent_id} if isinstance(content, Page) else {}
    kind = ContentType.objects.get_for_model(content)
    drafts = Version.objects.filter(is_draft=True, content_type=kind, data__slug=content.slug, **place)
    for draft in drafts.exclude(object_id=content.pk).prefetch_related("content"):
        told = for_staff("A draft of “%(other)s” has the same address, and cannot be published while this has it.")
        yield TextRemark(told % {"other": draft.content}, is_fault=False)


def of_blocks(content: Any) -> Iterator[TextRemark]:
    """Yield which blocks still wait for their video or document, or for what is said in a film."""
    blocks = list(content.blocks.all()) if isinstance(content, Page | NewsItem) else []
    films = Film.objects.in_bulk([block.film_id for block in blocks if block.is_film])
    for block in blocks:
        if block.awaited:
            yield TextRemark(block.awaited, is_fault=False)
        if block.is_film and block.transcript == "" and not films[block.film_id].captioned:
            told = for_staff("The film of “%(block)s” has neither captions nor a transcript for who cannot hear it.")
            yield TextRemark(told % {"block": block}, is_fault=False)


def of_letters(campaign: LetterCampaign) -> Iterator[TextRemark]:
    """Yield which default texts are longer than a letter may be, or than the forms of some offices take."""
    limits = list(Office.objects.current().filter(message_limit__gt=0).values_list("message_limit", flat=True))
    for name in ("default_body", "body_for_supporters"):
        label, length = LetterCampaign._meta.get_field(name), len(getattr(campaign, name))
        said = {
            "field": str(getattr(label, "verbose_name", name)).capitalize(),
            "length": length,
            "longest": LONGEST_BODY,
        }
        if length > LONGEST_BODY:
            told = for_staff(
                "%(field)s: %(length)s characters are too many, nobody could send it. At most %(longest)s."
            )
            yield TextRemark(told % said, is_fault=True)
        elif number := sum(limit < length for limit in limits if limit):
            told = for_staff_plural(
                "%(field)s: %(length)s characters are more than the form of %(number)s office takes.",
                "%(field)s: %(length)s characters are more than the forms of %(number)s offices take.",
                number,
            )
            yield TextRemark(told % {**said, "number": number}, is_fault=False)


def written_rows(content: Any) -> Iterator[Any]:
    """Yield the content and the rows with its texts; of a petition, those that can still be changed."""
    if isinstance(content, Translatable):
        yield from translated_rows(content)
    else:
        yield content
        yield from history.changeable(content.texts)


def texts(content: Any, without: Collection[str] = ()) -> Iterator[tuple[str, str, str]]:
    """Yield the language, the name of the field, and each text that visitors see, without those of some fields."""
    if not isinstance(content, Translatable):
        yield from texts_of_appeal(content)
        return
    for language in [content.original_language, *(each.language for each in progress(content) if each.is_shown)]:
        for line in (line for line in lines(content, language) if line.name not in without):
            is_original = language == content.original_language
            yield (
                language,
                str(line.field.verbose_name).capitalize(),
                line.original if is_original else line.translation,
            )


def texts_of_appeal(appeal: Any) -> Iterator[tuple[str, str, str]]:
    for row in written_rows(appeal):
        for field in row._meta.concrete_fields:
            if isinstance(field, CharField | TextField) and field.editable and not field.choices:
                language = getattr(row, "language", SOURCE_LANGUAGE)
                yield language, str(field.verbose_name).capitalize(), getattr(row, field.name)


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
