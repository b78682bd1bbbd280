"""Rules about mail domains match however staff and signers spell them (campaign/protection/domain_rules.py)."""

import pytest
from django.core.exceptions import ValidationError

from campaign.protection import domain_rules
from campaign.protection.models import DomainRule
from campaign.secrecy.addresses import domain_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("protonmail.com", "ana@protonmail.com"),
        ("protonmail.com", "ana@PM.me"),
        ("googlemail.com", "ana@gmail.com"),
        ("bücher.example", "ana@BÜCHER.example"),
        ("*.bücher.example", "ana@mail.xn--bcher-kva.example"),
        (" @Example.org ", "ana@example.org"),
        ("example.org.", "ana@example.org"),
    ],
)
def test_a_rule_matches_every_spelling_of_its_domain(pattern, address):
    rule = DomainRule(pattern=pattern, verdict="blocked")
    rule.full_clean()
    rule.save()
    assert domain_rules.verdict(domain_of(address)) == "blocked"


@pytest.mark.parametrize(
    "pattern", ["*example.org", "ana@example.org", "*", "*.*.org", "https://example.org", "a b", "-"]
)
def test_what_could_match_nothing_is_refused(pattern):
    with pytest.raises(ValidationError) as refused:
        DomainRule(pattern=pattern, verdict="blocked").full_clean()
    assert set(refused.value.message_dict) == {"pattern"}


def test_two_names_of_one_provider_cannot_have_two_rules():
    DomainRule.objects.create(pattern="protonmail.com", verdict="blocked")
    with pytest.raises(ValidationError):
        DomainRule(pattern="proton.me", verdict="allowed").full_clean()
