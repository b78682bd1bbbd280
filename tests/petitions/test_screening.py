"""Held for review (fraud_checks.py): too many from one place are held, never refused, and cannot tell."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from campaign.protection.domain_rules import verdict
from campaign.protection.limits import leaky_bucket
from campaign.protection.limits.leaky_bucket import Rate
from campaign.protection.models import DomainRule, Meter
from petitions.counting import events
from petitions.models import Signature, State
from petitions.signing import confirming, fraud_checks
from tests.petitions.factories import make_petition, make_signature, token_of

FORM = {"name": "Ana", "country": "ES", "updates": ""}


@pytest.fixture
def small_limits(monkeypatch):
    monkeypatch.setattr(fraud_checks, "PER_NETWORK", Rate(burst=3, every=timedelta(minutes=1)))


def post(client, number: int, domain: str = "gmail.com", **headers: str):
    return client.post("/petitions/stop/", {**FORM, "email": f"p{number}@{domain}"}, headers=headers)


def reasons() -> list[str]:
    return list(Signature.objects.order_by("pk").values_list("hold_reason", flat=True))


def test_beyond_the_burst_signatures_of_one_network_are_held_and_nobody_can_tell(client, db, small_limits):
    make_petition()
    answers = [post(client, number) for number in range(5)]
    assert reasons() == ["", "", "", "network", "network"]
    assert {(answer.status_code, tuple(sorted(answer.headers))) for answer in answers} == {
        (302, tuple(sorted(answers[0].headers)))
    }


def test_a_forged_forwarded_address_has_no_effect(client, db, small_limits):
    make_petition()
    for number in range(5):
        post(client, number, **{"X-Forwarded-For": f"203.0.{number}.7"})
    assert reasons().count("network") == 2


def test_behind_a_trusted_proxy_the_client_is_who_the_proxy_says(client, db, settings, small_limits):
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    make_petition()
    for number in range(5):
        post(client, number, **{"X-Forwarded-For": f"6.6.6.6, 203.0.{number}.7"})
    assert reasons() == [""] * 5


def test_an_allowed_domain_lifts_no_limit_of_a_network(client, db, small_limits):
    DomainRule.objects.create(pattern="*.example", verdict="allowed")
    make_petition()
    for number in range(5):
        post(client, number, "made-up.example")
    assert reasons().count("network") == 2


def test_a_held_signature_that_is_confirmed_stays_held_and_does_not_count(client, db):
    petition = make_petition()
    DomainRule.objects.create(pattern="bad.example", verdict="blocked")
    held = make_signature(petition, "ana@bad.example")
    confirmed = confirming.confirm(token_of(held))
    assert confirmed is not None
    assert confirmed.state == State.HELD
    assert events.aggregate() == 0
    assert client.post(f"/petitions/confirm/{token_of(held)}/").status_code == 302


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("bad.example", "blocked"),
        ("BAD.example", "blocked"),
        ("notbad.example", None),
        ("sub.bad.example", None),
        ("evil.org", "blocked"),
        ("a.b.evil.org", "blocked"),
        ("notevil.org", None),
        ("good.evil.org", "allowed"),
    ],
)
def test_a_rule_covers_its_domain_and_no_neighbour(db, domain, expected):
    for pattern, its_verdict in [("bad.example", "blocked"), ("*.evil.org", "blocked"), ("good.evil.org", "allowed")]:
        DomainRule.objects.create(pattern=pattern, verdict=its_verdict)
    assert verdict(domain) == expected


def test_a_full_meter_empties_with_time_and_is_forgotten(db):
    rate = Rate(burst=2, every=timedelta(minutes=1))
    assert [leaky_bucket.drip([(b"k", rate)]) for _ in range(3)] == [set(), set(), {b"k"}]
    Meter.objects.update(empties_at=Now() + timedelta(seconds=30))
    assert leaky_bucket.drip([(b"k", rate)]) == set()
    assert leaky_bucket.forget() == 0
    Meter.objects.update(empties_at=Now() - timedelta(seconds=1))
    assert leaky_bucket.forget() == 1


def test_each_meter_overflows_by_itself(db):
    small, large = Rate(1, timedelta(hours=1)), Rate(100, timedelta(hours=1))
    assert leaky_bucket.drip([(b"s", small), (b"l", large)]) == set()
    assert leaky_bucket.drip([(b"s", small), (b"l", large)]) == {b"s"}


def test_those_who_come_at_once_fill_a_meter_together(db):
    rate = Rate(burst=3, every=timedelta(hours=1))
    assert leaky_bucket.drip([(b"k", rate)] * 4) == {b"k"}
    assert leaky_bucket.drip([(b"k", rate)] * 2) == set()
    assert leaky_bucket.drip([(b"k", rate)] * 2) == {b"k"}
    assert leaky_bucket.drip([(b"k", rate)]) == set()
