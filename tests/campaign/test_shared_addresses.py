"""A page offers its own address to be shared only if the address says nothing about anybody."""

import pytest
from django.test import Client

from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db


def test_a_public_page_offers_its_own_address(client: Client) -> None:
    page = client.get(make_petition().get_absolute_url())
    assert page.context["page_url"] == f"http://testserver{page.request['PATH_INFO']}"


@pytest.mark.parametrize(
    "path", ["/petitions/confirm/secret/", "/letters/track/secret/", "/newsletter/unsubscribe/secret/"]
)
def test_a_personal_page_offers_the_first_page_instead(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert "http%3A%2F%2Ftestserver" in page
    assert "testserver%2F" not in page
    assert 'rel="canonical"' not in page
