import pytest
from django.contrib.auth.models import Permission, User

from tests.petitions.paper import make_staff


@pytest.fixture
def campaigner(client):
    user = User.objects.create_user("campaigner", password="x", is_staff=True)
    models = ["petition", "petitiontext", "petitionkey", "milestone"]
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="petitions", content_type__model__in=models)
    )
    client.force_login(user)
    return user


@pytest.fixture
def typist(db) -> User:
    return make_staff("typist")
