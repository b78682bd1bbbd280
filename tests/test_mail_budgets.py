"""Somebody enters made-up addresses into the forms of the site: a few mails go out at once for one network and to one
domain, and the others later. Nobody is told, and nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from operator import attrgetter
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client

from campaign.outbox import claims
from campaign.outbox.models import Item
from campaign.protection.limits import leaky_bucket
from campaign.protection.models import DomainRule, Meter
from petitions.signing import followups
from tests.letters import pages
from tests.letters.factories import make_campaign, make_offices
from tests.pages.factories import make_staff
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db
BURST, SECONDS = 3, 60
WAITS = """
    SELECT round(extract(epoch FROM due_at - created_at)) FROM outbox_item WHERE NOT kind = ANY(%s) ORDER BY id
"""
REMINDERS = ["petitions.reminder", "letters.reminder"]


@pytest.fixture(autouse=True)
def small_budgets(settings) -> None:
    settings.MAIL_NETWORK_BURST, settings.MAIL_NETWORK_SECONDS = BURST, SECONDS
    settings.MAIL_DOMAIN_BURST, settings.MAIL_DOMAIN_SECONDS = 1000, 1
    settings.TRUSTED_PROXIES = ["127.0.0.1"]


@pytest.fixture(autouse=True)
def open_site(db: None) -> None:
    make_petition()
    make_campaign()
    make_offices()


def sign(client: Client, address: str, network: str = "192.0.2.7") -> Any:
    data = {"name": "Ana", "email": address, "country": "DE"}
    return client.post("/petitions/stop/", data, headers={"X-Forwarded-For": network})


def waits() -> list[float]:
    """Seconds until each mail is due, rounded."""
    with connection.cursor() as cursor:
        cursor.execute(WAITS, [REMINDERS])
        return [float(seconds) for (seconds,) in cursor]


def test_of_many_made_up_addresses_from_one_network_a_few_get_mail_at_once(client, outbox_drained):
    for number in range(14):
        sign(client, f"nobody{number}@made{number}.example")
    outbox_drained()
    assert len(mail.outbox) == BURST


def test_the_others_get_it_one_after_another(client):
    for number in range(BURST + 3):
        sign(client, f"nobody{number}@made{number}.example")
    assert waits() == [0, 0, 0, 60, 120, 180]


def test_nobody_is_left_out(client, outbox_drained):
    for number in range(BURST + 5):
        sign(client, f"nobody{number}@made{number}.example")
    Item.objects.exclude(kind__in=REMINDERS).update(due_at=Now())
    outbox_drained()
    assert len(mail.outbox) == BURST + 5


def test_the_answer_is_the_same_when_the_mail_waits(client):
    answers = [sign(client, f"nobody{number}@made{number}.example") for number in range(BURST + 2)]
    seen = {(answer.status_code, answer["Location"].partition("?")[0], *answer.headers) for answer in answers}
    assert len(seen) == 1


def test_another_network_is_not_slowed(client):
    for number in range(BURST + 2):
        sign(client, f"nobody{number}@made{number}.example")
    sign(client, "ana@other.example", network="198.51.100.9")
    assert waits()[-1] == 0


def test_a_network_has_its_budget_back_after_a_while(client):
    for number in range(BURST + 2):
        sign(client, f"nobody{number}@made{number}.example")
    Meter.objects.update(empties_at=Now())
    sign(client, "ana@other.example")
    assert waits()[-1] == 0


def by_newsletter(client: Client, address: str) -> None:
    client.post("/newsletter/", {"email": address})


def by_link_to_what_is_stored(client: Client, address: str) -> None:
    client.post("/petitions/mine/", {"email": address})


def by_letters(client: Client, address: str) -> None:
    pages.send(client, email=address)


def by_petition(client: Client, address: str) -> None:
    client.post("/petitions/stop/", {"name": "Ana", "email": address, "country": "DE"})


def by_asking_again(client: Client, address: str) -> None:
    """For the mail of a signature, at another address."""
    to = client.post("/petitions/stop/", {"name": "Ana", "email": "first@made.example", "country": "DE"})["Location"]
    client.post("/petitions/stop/check-email/", {"to": to.split("to=")[1], "email": address})


def by_asking_again_for_letters(client: Client, address: str) -> None:
    to = pages.send(client, email=address)["Location"].split("to=")[1]
    client.post("/letters/support/check-email/", {"to": to})


FORMS = [
    by_newsletter,
    by_link_to_what_is_stored,
    by_letters,
    by_petition,
    by_asking_again,
    by_asking_again_for_letters,
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_form_that_mails_to_an_unproven_address_draws_on_the_same_budget(
    client, settings, form: Callable[[Client, str], None]
):
    settings.TRUSTED_PROXIES = []
    settings.MAIL_NETWORK_BURST = 1
    by_newsletter(client, "used-up@made.example")
    form(client, "ana@example.org")
    assert waits()[-1] > 0


def test_a_domain_has_a_budget_over_all_networks(client, settings):
    settings.MAIL_DOMAIN_BURST, settings.MAIL_DOMAIN_SECONDS = 2, 30
    for number in range(4):
        sign(client, f"nobody{number}@made.example", network=f"192.0.{number}.7")
    assert waits() == [0, 0, 30, 60]


@pytest.mark.parametrize("domain", ["gmail.com", "googlemail.com", "university.example"])
def test_domains_that_many_use_or_that_staff_allowed_have_no_limit(client, settings, domain):
    settings.MAIL_DOMAIN_BURST = 1
    DomainRule.objects.create(pattern="university.example", verdict="allowed")
    for number in range(4):
        sign(client, f"nobody{number}@{domain}", network=f"192.0.{number}.7")
    assert waits() == [0, 0, 0, 0]


def test_no_mail_waits_for_longer_than_a_day(client, settings):
    settings.MAIL_NETWORK_BURST, settings.MAIL_NETWORK_SECONDS = 1, 50_000
    for number in range(5):
        sign(client, f"nobody{number}@made{number}.example")
    assert waits() == [0, 50_000, 86_400, 86_400, 86_400]


def test_those_who_sign_at_the_same_moment_wait_one_after_another():
    rate = leaky_bucket.Rate(burst=1, every=timedelta(seconds=10))
    _full, waits = leaky_bucket.fill([], [(b"network", rate)] * 3, longest=timedelta(days=1))
    assert waits == [
        timedelta(),
        timedelta(seconds=10),
        timedelta(seconds=20),
    ]


def test_reminders_come_no_faster_than_the_first_mails_went_out(client):
    for number in range(5):
        sign(client, f"nobody{number}@made{number}.example")
    lease = timedelta(minutes=1)
    Item.objects.update(due_at=F("due_at") - timedelta(hours=1), created_at=F("created_at") - timedelta(hours=1))
    pairs = [(pk, token) for pk, token, _attempts in claims.claim("petitions.confirmation", limit=10, lease=lease)]
    followups.note(sorted(claims.begin(pairs, lease=lease), key=attrgetter("pk")))
    times = list(Item.objects.filter(kind="petitions.reminder").order_by("pk").values_list("due_at", flat=True))
    gaps = [round((time - times[0]).total_seconds()) for time in times]
    assert gaps == [0, 0, 0, SECONDS, 2 * SECONDS]


def test_no_network_stands_with_a_mail(client):
    for number in range(BURST + 2):
        sign(client, f"nobody{number}@made{number}.example")
    keys = [bytes(key) for key in Meter.objects.values_list("key", flat=True)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(i) - 'sealed_secret' FROM outbox_item i")  # bytes may read like anything
        rows = repr(cursor.fetchall()) + repr([item.secret for item in Item.objects.all()])
    assert not any(word in rows for word in ["192.0.2", "c00002", *(key.hex() for key in keys)])


def test_what_limits_know_is_forgotten_once_there_is_room_again(client):
    sign(client, "nobody@made.example")
    Meter.objects.update(empties_at=Now() - timedelta(seconds=1))
    leaky_bucket.forget()
    assert not Meter.objects.exists()


def test_staff_are_told_that_mail_waits_for_room_in_its_budget(client):
    for number in range(BURST + 2):
        sign(client, f"nobody{number}@made{number}.example")
    client.force_login(make_staff())
    assert "2 mails wait for room in the budget" in client.get("/admin/").content.decode()


def test_staff_are_told_nothing_while_no_mail_waits_for_room(client):
    sign(client, "nobody@made.example")
    client.force_login(make_staff())
    assert "in the budget" not in client.get("/admin/").content.decode()
