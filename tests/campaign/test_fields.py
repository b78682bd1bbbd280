"""Fields that the forms of every app share (campaign/fields.py)."""

import pytest
from django.core.exceptions import ValidationError

from campaign.fields import AddressField


@pytest.mark.parametrize("address", ["josé@example.org", "жанна@bücher.example"])
def test_an_address_that_no_mail_can_be_sent_to_is_refused_with_the_reason(address):
    with pytest.raises(ValidationError) as refused:
        AddressField().clean(address)
    assert refused.value.messages == [str(AddressField.unreachable)]


def test_a_domain_may_have_letters_of_any_script():
    assert AddressField().clean("ana@BÜCHER.example") == "ana@bücher.example"


def test_an_address_that_is_only_looked_up_may_have_letters_of_any_script():
    assert AddressField(is_written_to=False).clean("josé@example.org") == "josé@example.org"
