"""Held signatures in groups (petitions/moderation/groups.py): told apart for a day, and decided on together."""

import re
import time
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.protection.limits.leaky_bucket import Rate
from campaign.protection.models import DomainRule
from campaign.secrecy.models import Period
from campaign.secrecy.periods import pseudonyms, rotation
from petitions.models import Decision, HoldTrace, JobState, Petition, Signature, State
from petitions.moderation import groups
from petitions.signing import confirming, fraud_checks
from tests.petitions.factories import make_consent, make_petition, make_signature, token_of
from tests.staff.desk import at_the_desk, make_member

pytestmark = pytest.mark.django_db
PLACES = {"a": "192.0.2.7", "b": "198.51.100.7"}
GROUPS = "/admin/petitions/heldsignature/groups/"


@pytest.fixture
def moderator() -> Client:
    return at_the_desk(make_member("mo", "Moderator"))


@pytest.fixture
def petition(monkeypatch) -> Petition:
    """With the smallest limit for networks."""
    monkeypatch.setattr(fraud_checks, "PER_NETWORK", Rate(burst=1, every=timedelta(days=1)))
    return make_petition()


def sign(petition: Petition, number: int, place: str, domain: str = "gmail.com") -> Signature:
    signature = make_signature(petition, f"p{number}@{domain}", client=ip_address(PLACES[place]))
    found = confirming.confirm(token_of(signature))
    assert found is not None
    return found


def sign_all(petition: Petition, places: str) -> list[Signature]:
    return [sign(petition, number, place) for number, place in enumerate(places)]


def sizes(by: str) -> list[int]:
    return [group.number for group in groups.held_groups(by)]


def test_what_is_held_is_grouped_by_network_hour_domain_rule_and_reason(petition):
    DomainRule.objects.create(pattern="*.bad.example", verdict="blocked")
    sign_all(petition, "aaabb")  # the first of each network counts
    sign(petition, 7, "a", "mail.bad.example")
    assert sizes("network") == [3, 1]
    assert sizes("hour") == [4]
    assert sorted(sizes("domain")) == [1, 3]
    assert [(group.name, group.number) for group in groups.held_groups("rule")] == [("*.bad.example", 1)]
    assert [group.number for group in groups.held_groups("reason")] == [3, 1]


def test_what_counts_leaves_no_trace_and_nothing_names_a_network(petition):
    held = sign_all(petition, "aa")[1]
    trace = HoldTrace.objects.get()
    assert trace.signature_id == held.pk
    assert trace.hour.minute == trace.hour.second == trace.hour.microsecond == 0
    network = bytes(trace.network or b"")
    assert len(network) == pseudonyms.PSEUDONYM_BYTES
    assert b"192" not in network


def test_a_pseudonym_is_another_once_its_day_is_over(petition):
    sign_all(petition, "aa")
    Period.objects.filter(purpose="short").update(opened_at=F("opened_at") - timedelta(days=2))
    rotation.tend()
    pseudonyms.Known.key = None
    sign(petition, 5, "a")
    assert sizes("network") == [1, 1]
    pseudonyms.Known.key = None


def test_a_group_is_released_as_one_and_that_is_undone(petition, moderator, outbox_drained):
    sign_all(petition, "aaaabb")
    page = moderator.get(GROUPS).content.decode()
    link = re.findall(r'href="([^"]*decision/add/[^"]*act=release)"', page)[0].replace("&amp;", "&")
    form = moderator.get(link).context["adminform"].form
    moderator.post(link, {**{name: value or "" for name, value in form.initial.items()}, "why": "A village"})
    outbox_drained()
    job = Decision.objects.get()
    assert (job.expected, job.touched) == (3, "held")
    moderator.post(f"/admin/petitions/decision/{job.pk}/start/now/")
    outbox_drained()
    assert Signature.objects.held().count() == 1
    moderator.post(f"/admin/petitions/decision/{job.pk}/undo/now/")
    outbox_drained()
    assert Signature.objects.held().count() == 4


def test_after_a_day_nothing_tells_which_signatures_were_of_a_group(petition, moderator, outbox_drained):
    sign_all(petition, "aaa")
    trace = groups.held_groups("network")[0].filters["trace"]
    job = {"petition": petition.pk, "act": "invalidate", "trace": trace, "why": "One machine"}
    moderator.post("/admin/petitions/decision/add/", job)
    outbox_drained()
    moderator.post(f"/admin/petitions/decision/{Decision.objects.get().pk}/start/now/")
    outbox_drained()
    HoldTrace.objects.update(hour=Now() - groups.KEPT_FOR - timedelta(hours=1))
    Decision.objects.update(made_at=Now() - groups.KEPT_FOR - timedelta(hours=1))
    assert groups.forget() == 2
    decision = Decision.objects.get()
    assert (decision.trace, decision.may_become(JobState.UNDOING)) == ("forgotten", False)
    assert Signature.objects.filter(state=State.INVALIDATED, decision=None).count() == 2
    assert moderator.get(f"/admin/petitions/decision/{decision.pk}/change/").status_code == 200


def test_the_page_of_groups_opens_where_something_is_found(petition, moderator):
    sign_all(petition, "aa")
    assert moderator.get(GROUPS).context["by"] == "network"
    HoldTrace.objects.all().delete()
    page = moderator.get(GROUPS)
    assert (page.context["by"], len(page.context["groups"])) == ("reason", 1)


def test_a_group_that_stands_for_nothing_is_refused(petition, moderator):
    job = {"petition": petition.pk, "act": "invalidate", "trace": "network:zz", "why": "?"}
    assert b"Choose a group on the page" in moderator.post("/admin/petitions/decision/add/", job).content
    assert moderator.get("/admin/petitions/heldsignature/?trace=nothing:zz").status_code == 200


def test_whoever_signs_again_or_is_erased_leaves_one_trace_or_none(petition):
    sign_all(petition, "a")
    _first, again = (make_signature(petition, "again@gmail.com", client=ip_address(PLACES["a"])) for _twice in range(2))
    assert HoldTrace.objects.count() == 1
    confirming.erase(again)
    assert not HoldTrace.objects.exists()


def test_what_a_later_block_does_is_said_and_its_group_is_found(petition, moderator):
    sign(petition, 1, "a")
    sign(petition, 2, "a", "late.example")
    rule = DomainRule.objects.create(pattern="late.example", verdict="blocked")
    assert sizes("rule") == []
    page = moderator.get(reverse("admin:protection_domainrule_change", args=[rule.pk])).content.decode()
    assert "It changes nothing about signatures that are held" in page
    link = re.findall(r'href="([^"]*by=domain[^"]*)"', page)[0].replace("&amp;", "&")
    found = moderator.get(link).content.decode()
    (group,) = groups.held_groups("domain")
    assert f'<strong role="status">{group.name}</strong>' in found
    assert (
        "A domain that is blocked now changes nothing"
        in moderator.get("/admin/petitions/heldsignature/").content.decode()
    )


def test_others_do_not_see_groups():
    assert at_the_desk(make_member("cam", "Campaigner")).get(GROUPS).status_code == 403


def test_ten_thousand_held_cost_as_many_queries_as_ten_and_little_time(petition, moderator):
    fill(petition, 10)
    few = [queries(moderator, f"{GROUPS}?by={by}") for by in GROUPINGS]
    fill(petition, 10_000)
    began = time.monotonic()
    assert [queries(moderator, f"{GROUPS}?by={by}") for by in GROUPINGS] == few
    assert time.monotonic() - began < 60  # of five pages, on a machine that others use as well
    assert sum(sizes("network")) == 10_010


GROUPINGS = ["network", "hour", "domain", "rule", "reason"]


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def fill(petition: Petition, number: int) -> None:
    """So many held signatures, of fifty networks."""
    values: dict[str, Any] = {"petition": petition.pk, "key": petition.active_key_id, "text": petition.text.pk}
    values |= {"consent": make_consent().pk, "number": number, "mark": f"{number:08}"}
    with connection.cursor() as cursor:
        cursor.execute(FILL, values)


FILL = """
    WITH held AS (
        INSERT INTO petitions_signature (
            petition_id, fingerprint, state, key_id, sealed, country, language, channel, text_id, consent_id,
            hold_reason, signed_on, confirmed_on
        )
        SELECT %(petition)s, (%(mark)s || lpad(n::text, 8, '0'))::bytea, 'held', %(key)s, 'x', 'DE', 'en', 'web',
            %(text)s, %(consent)s, 'network', current_date, current_date
        FROM generate_series(1, %(number)s) AS n
        RETURNING id
    )
    INSERT INTO petitions_holdtrace (signature_id, hour, network, domain, rule)
    SELECT id, date_trunc('hour', now()), decode(lpad(to_hex(id %% 50), 16, '0'), 'hex'), NULL, '' FROM held
"""
