"""What lists and forms of things that belong to a petition have in common."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from petitions.models import Petition


def only_petition() -> dict[str, Any]:
    """Where there is but one petition, it is meant."""
    only = Petition.objects.has_been_public().only_one()
    return {"petition": only.pk} if only else {}


class NamesThePetition[Thing: Model](admin.ModelAdmin[Thing]):
    """Each row says what its petition asks, in the same few queries for all."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Thing]:
        return super().get_queryset(request).prefetch_related("petition__texts")


class OfThePetitionAdmin[Thing: Model](NamesThePetition[Thing]):
    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {**only_petition(), **super().get_changeform_initial_data(request)}
