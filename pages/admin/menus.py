"""Put the menus in order: the pages that staff put there, between the sections that keep their place."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from campaign.translation import for_staff
from pages.admin.shared import OrderInput
from pages.content.menu import sections
from pages.models import Page, SiteSettings

type Row = tuple[int, str, Any]  # place, words, and the form of a page; a section has none


def put_in_order(page_admin: admin.ModelAdmin[Page], request: HttpRequest) -> HttpResponse:
    if not page_admin.has_change_permission(request):
        raise PermissionDenied
    formset_class = page_admin.get_changelist_formset(request, widgets={"menu_order": OrderInput()})
    if request.method == "POST":
        formset = formset_class(request.POST, queryset=Page.objects.all())
        if formset.is_valid():  # saved as the list of pages saves its places
            page_admin._save_formset(request, formset)  # type: ignore[attr-defined]  # noqa: SLF001
            return redirect(request.path)
    else:
        formset = formset_class(queryset=Page.objects.exclude(menu=Page.Menu.NONE))
    context = {
        **page_admin.admin_site.each_context(request),
        "title": for_staff("Order of the menus"),
        "opts": page_admin.opts,
        "formset": formset,
        "menus": shown(formset),
        "media": page_admin.media + formset.media,
    }
    return TemplateResponse(request, "admin/pages/page/menus.html", context)


def shown(formset: Any) -> list[tuple[str, list[Row]]]:
    """Return the menus with their entries; pages that left them meanwhile stand apart, with what was typed there."""
    found = [(menu, label, rows(menu, formset)) for menu, label in Page.Menu.choices]
    return [(label, entries) for menu, label, entries in found if menu or entries]


def rows(menu: str, formset: Any) -> list[Row]:
    """Return the entries of a menu as visitors see them, and the pages that they will see there once published."""
    pages = [form for form in formset.forms if form.instance.menu == menu]
    found: list[Row] = [
        (form.instance.menu_order, form.instance.menu_title or str(form.instance), form) for form in pages
    ]
    always = sections("", names_senate=SiteSettings.load().names_senate)
    found += [(section.order, section.label, None) for section in always.get(menu, [])]
    return sorted(found, key=lambda row: row[0])
