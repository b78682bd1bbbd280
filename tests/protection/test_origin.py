"""Posts from other sites (campaign/web/decorators.py), on a public page and on a personal one."""

import pytest
from django.test import RequestFactory

from campaign.web.decorators import is_foreign

OWN = {"Origin": "http://testserver"}


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),  # a text browser
        (OWN, False),
        ({"Origin": "https://campaign.example"}, False),  # SITE_URL, behind a proxy
        ({**OWN, "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, False),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "http://testserver.evil.example"}, True),
        ({"Origin": "http://testserver:81"}, True),
        ({"Origin": "null"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({**OWN, "Sec-Fetch-Site": "cross-site"}, True),
        ({"Origin": ""}, True),
        ({"Origin": "garbage"}, True),
    ],
)
def test_a_post_is_foreign_when_the_browser_says_so(settings, headers, foreign):
    settings.SITE_URL = "https://campaign.example"
    request = RequestFactory(headers=headers).post("/")
    assert is_foreign(request) is foreign
    assert not is_foreign(RequestFactory(headers=headers).get("/"))


def test_an_unknown_origin_passes_only_where_the_address_is_a_secret():
    request = RequestFactory(headers={"Origin": "null"}).post("/")
    assert not is_foreign(request, accepts_null=True)
    request = RequestFactory(headers={"Origin": "null", "Sec-Fetch-Site": "cross-site"}).post("/")
    assert is_foreign(request, accepts_null=True)
