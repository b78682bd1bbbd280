"""By its URL a list in the admin is filtered by what its page offers, and by nothing that it hides."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory

admin.autodiscover()
REGISTERED = [pytest.param(model_admin, id=model._meta.label) for model, model_admin in admin.site._registry.items()]


@pytest.fixture
def request_of_chief(db: None, rf: RequestFactory) -> Any:
    request = rf.get("/admin/")
    request.user = User.objects.create_superuser("chief", "chief@example.org", "a-password-of-the-tests")
    return request


def paths_of(model: Any) -> Iterator[str]:
    """Yield the columns of a model, and those of what it points at."""
    for field in model._meta.concrete_fields:
        yield field.name
        if field.is_relation:
            yield from (f"{field.name}__{column.name}" for column in field.related_model._meta.concrete_fields)


@pytest.mark.parametrize("model_admin", REGISTERED)
def test_what_is_not_offered_is_refused(model_admin, request_of_chief):
    offered = {path + key for path in model_admin.offered_lookups(request_of_chief) for key in ("", "__id")}
    lookups = [
        path + lookup
        for path in paths_of(model_admin.model)
        if path not in offered
        for lookup in ("", "__exact", "__startswith", "__gt", "__isnull")
    ]
    assert [one for one in lookups if model_admin.lookup_allowed(one, "a", request_of_chief)] == []


@pytest.mark.parametrize("model_admin", REGISTERED)
def test_what_the_filters_of_a_page_ask_for_is_allowed(model_admin, request_of_chief):
    changes = model_admin.get_changelist_instance(request_of_chief)
    asked = [parameter for one in changes.filter_specs for parameter in one.expected_parameters()]
    assert [one for one in asked if not model_admin.lookup_allowed(one, "1", request_of_chief)] == []


def test_a_hidden_column_is_not_probed(admin_client):
    for lookup in ("fingerprint__isnull", "nonce__startswith", "consent__wording__startswith", "pk__gt"):
        assert admin_client.get(f"/admin/supporters/subscriber/?{lookup}=1").status_code == 400, lookup
