"""Whoever fills in a form of the desk is told what each field is for."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.forms import ModelForm
from django.test import RequestFactory

SAY_IT_THEMSELVES = {"petition", "campaign", "office", "first_name", "party", "state", "website", "phone"}


def forms_of(site: admin.AdminSite) -> Iterator[tuple[str, type[ModelForm]]]:
    request = RequestFactory().get("/")
    request.user = User(is_staff=True, is_superuser=True, is_active=True)
    for model, desk in site._registry.items():
        is_ours = model._meta.app_label in {"petitions", "letters"}
        if is_ours and (desk.has_add_permission(request) or desk.has_change_permission(request)):
            thing = None if desk.has_add_permission(request) else model()
            yield model._meta.label, desk.get_form(request, thing)
            for inline in desk.get_inlines(request, model()):
                yield inline.model._meta.label, inline(model, site).get_formset(request).form


@pytest.mark.django_db
def test_every_field_of_petitions_and_letters_has_help_text():
    admin.autodiscover()
    fields = [(label, name, field) for label, form in forms_of(admin.site) for name, field in form.base_fields.items()]
    assert {"petitions.Petition", "petitions.PetitionText", "petitions.PetitionKey", "letters.Office"} <= {
        label for label, _name, _field in fields
    }
    silent = [(label, name) for label, name, field in fields if not field.help_text and name not in SAY_IT_THEMSELVES]
    assert silent == []
