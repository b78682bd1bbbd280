"""What the admin of all objects that belong to a petition has in common."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from petitions.models import Petition


def only_petition() -> dict[str, Any]:
    """Return the only public petition as initial data, if there is exactly one."""
    only = Petition.objects.has_been_public().only_one()
    return {"petition": only.pk} if only else {}


class NamesThePetition[Thing: Model](admin.ModelAdmin[Thing]):
    """Shows in each row what its petition asks, in a constant number of queries."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Thing]:
        return super().get_queryset(request).prefetch_related("petition__texts")


class OfThePetitionAdmin[Thing: Model](NamesThePetition[Thing]):
    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {**only_petition(), **super().get_changeform_initial_data(request)}
