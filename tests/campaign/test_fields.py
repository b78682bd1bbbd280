"""Fields that the forms of every app share (campaign/web/forms/fields.py)."""

import pytest
from django.core.exceptions import ValidationError
from email_validator import EmailNotValidError
from hypothesis import given
from hypothesis import strategies as st

from campaign.web.forms.fields import AddressField, validate


@pytest.mark.parametrize("address", ["josé@example.org", "жанна@bücher.example"])
def test_an_address_that_no_mail_can_be_sent_to_is_refused_with_the_reason(address):
    with pytest.raises(ValidationError) as refused:
        AddressField().clean(address)
    assert refused.value.messages == [str(AddressField.unreachable)]


def test_a_domain_may_have_letters_of_any_script():
    assert AddressField().clean("ana@BÜCHER.example") == "ana@bücher.example"


def test_an_address_that_is_only_looked_up_may_have_letters_of_any_script():
    assert AddressField(is_written_to=False).clean("josé@example.org") == "josé@example.org"


def cleaned(address: str) -> str | None:
    try:
        return AddressField().clean(address).lower()
    except ValidationError:
        return None


def in_the_library(address: str) -> str | None:
    try:
        return validate(address).normalized.lower()
    except EmailNotValidError:
        return None


PARTS = st.text("aZ09.+-_'!\"\\( @", min_size=1, max_size=6) | st.sampled_from(
    ["a" * 64, "b" * 65, "x.y", ".x", "x..y"]
)
DOMAINS = st.text("aB1.-_", min_size=1, max_size=8) | st.sampled_from(
    ["Example.ORG", "mail.test", "localhost", "[1.2.3.4]"]
)


@given(PARTS, DOMAINS)
def test_an_address_is_accepted_if_the_library_would(local, domain):
    address = f"{local}@{domain}".strip()
    assert cleaned(address) == in_the_library(address)
