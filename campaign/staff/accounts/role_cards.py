"""Roles as cards: the name, and a sentence of what the role may and may not do (settings.ROLE_SENTENCES)."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Case, QuerySet, Value, When
from django.utils.html import format_html
from django.utils.module_loading import import_string

from campaign.translation import for_staff_lazy

MADE_HERE = for_staff_lazy("A role that was made on this site; what it may do stands on its own page, under Groups.")


def sentences() -> dict[str, str]:
    """Return what each role of the code may do, in the order in which roles are shown."""
    named: dict[str, str] = import_string(settings.ROLE_SENTENCES)
    return named


def sentence_of(role: Group) -> str:
    return sentences().get(role.name, MADE_HERE)


def name_of(role: Group) -> str:
    """Return what the role is called in the reader's language; one that was made on this site, as staff named it."""
    named: dict[str, str] = import_string(settings.ROLE_NAMES)
    return str(named.get(role.name, role.name))


def in_order(roles: QuerySet[Group]) -> QuerySet[Group]:
    """Return the roles of the code first, in their order, then those that were made on this site."""
    places = [When(name=name, then=Value(place)) for place, name in enumerate(sentences())]
    return roles.order_by(Case(*places, default=Value(len(places))), "name")


def role_card(role: Group) -> str:
    return format_html('<span class="card"><strong>{}</strong> {}</span>', name_of(role), sentence_of(role))


class RoleCard(forms.ModelChoiceField):
    """One role, of those that are offered."""

    def offer(self, roles: QuerySet[Group]) -> None:
        self.queryset = in_order(roles)

    def label_from_instance(self, role: Any) -> str:
        return role_card(role)


class RoleCards(forms.ModelMultipleChoiceField):
    """Any number of roles."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, role: Any) -> str:
        return role_card(role)
