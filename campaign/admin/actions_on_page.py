"""What the actions of a list do, offered on the page of one object too, as a button for each that can work there.

class DeliveryAdmin(ActionsOnPage[Delivery], admin.ModelAdmin[Delivery]):
    def possible_actions(self, obj): ...

    @admin.action(description="Give it up", description_plural="Give up", location=EVERYWHERE)
    def give_up(self, request, queryset): ...
"""

from collections.abc import Collection
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from campaign.translation import for_staff

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]
CHOSEN = f"{ActionLocation.CHANGE_FORM.value}-action"


class ActionsOnPage[M: models.Model](admin.ModelAdmin[M]):
    """Goes before other admin classes. Whoever has decided is led back to the list, as it was filtered."""

    def possible_actions(self, obj: M) -> Collection[str]:
        """Return the names of the actions that can work in the state of the object."""
        raise NotImplementedError

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> M | None:
        request.__dict__["shown_object"] = obj = super().get_object(request, object_id, from_field)
        return obj

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        actions = super().get_actions(request, action_location)
        if action_location == ActionLocation.CHANGE_LIST:
            return actions
        obj = request.__dict__.get("shown_object")
        possible = self.possible_actions(obj) if obj else []
        return {name: action for name, action in actions.items() if name in possible}

    def response_action(
        self,
        request: HttpRequest,
        queryset: QuerySet[M],
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> Any:
        if action_location == ActionLocation.CHANGE_LIST:
            return super().response_action(request, queryset, action_location)
        if request.POST.get(CHOSEN) not in self.get_actions(request, action_location):
            told = for_staff("That is no longer possible; see the state below.")
            self.message_user(request, told, messages.WARNING)
            return redirect(request.get_full_path())
        response = super().response_action(request, queryset, action_location)
        return self.back_to_list(request) if isinstance(response, HttpResponseRedirect) else response

    def back_to_list(self, request: HttpRequest) -> HttpResponse:
        where = reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return redirect(
            add_preserved_filters({"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}, where)
        )
