"""The menus: pages that staff put there, between the sections that are always there."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.performance.local_cache import kept
from pages.models import Page


@dataclass(frozen=True)
class MenuItem:
    order: int
    label: str
    url: str
    is_current: bool


def menus(path: str, *, names_senate: bool = False, draft: Any = None) -> dict[str, list[MenuItem]]:
    """The menus by name, as seen from the address `path`; as they would be if `draft` were what visitors see.

    `names_senate` is SiteSettings.names_senate.
    """
    pages = with_draft(pages_in_menus(), draft) if isinstance(draft, Page) else pages_in_menus()
    shown = {menu: [menu_entry(page, path) for page in pages if page.menu == menu] for menu in ("header", "footer")}
    always = sections(path, names_senate=names_senate)
    return {name: sorted(items + always[name], key=lambda item: item.order) for name, items in shown.items()}


@kept
def pages_in_menus() -> list[Page]:
    return list(Page.objects.published().exclude(menu=Page.Menu.NONE))


def with_draft(pages: list[Page], draft: Page) -> list[Page]:
    """Replace a page by its draft, or leave it out where the draft would not be seen."""
    others = [page for page in pages if page != draft]
    return sorted([*others, draft], key=lambda page: page.path) if draft.is_published else others


def sections(path: str, *, names_senate: bool = False) -> dict[str, list[MenuItem]]:
    """What is in the menus by itself; the places are told to staff in the help text of `Page.menu_order`."""
    letters = _("Write to the Senate") if names_senate else _("Write to those who decide")
    return {
        "header": [
            item(10, _("Petition"), reverse("petitions:list"), path),
            item(20, letters, reverse("letters:list"), path),
            item(60, _("News"), reverse("pages:news"), path),
        ],
        "footer": [
            item(5, _("Your safety"), reverse("pages:safety"), path),
            item(6, _("Search"), reverse("pages:search"), path),
        ],
    }


def menu_entry(page: Page, path: str) -> MenuItem:
    return item(page.menu_order, page.local.menu_title or page.local.title, page.get_absolute_url(), path)


def item(order: int, label: str, url: str, path: str) -> MenuItem:
    return MenuItem(order, label, url, is_current=path.startswith(url))
