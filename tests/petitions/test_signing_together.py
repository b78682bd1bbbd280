"""Those who sign at the same moment are written in one statement (group_commit.py); each as if alone."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaign.outbox.models import Item
from campaign.protection.models import DomainRule
from campaign.secrecy.keypairs import new_keypair
from campaign.secrecy.sealing import unseal
from petitions.models import Petition, Signature, Voice
from petitions.signing import sign
from standalone.supervision.process import wait_until
from tests.petitions.factories import make_petition, make_signature

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {"name": "Ana Test", "country": "ES", "updates": ""}


def post(slug: str, email: str, **said: str):
    try:
        return Client().post(f"/petitions/{slug}/", {**FORM, "email": email, **said})
    finally:
        connection.close()


def sign_together(*posts: dict[str, str], meanwhile=lambda: None) -> tuple[list, int]:
    """The answers, and the number of statements that wrote all that came."""
    sign.write.is_led = True  # as if another were being written
    with ThreadPoolExecutor(len(posts)) as pool:
        answers = [pool.submit(post, **one) for one in posts]
        assert wait_until(lambda: len(sign.write.waiting) == len(posts), seconds=60)
        meanwhile()
        with CaptureQueriesContext(connection) as statements:
            sign.write.lead()
    return [answer.result() for answer in answers], len(statements)


def test_they_are_two_statements_and_each_gets_its_own_row_and_mail():
    pair = new_keypair()
    petition = make_petition(keypair=pair)
    make_signature(petition, "known@example.org")
    emails = ["ana@example.org", "bo@example.org", "known@example.org", "ANA+x@example.org"]
    answers, statements = sign_together(*({"slug": "stop", "email": email} for email in emails[:3]))
    assert [answer.status_code for answer in answers] == [302] * 3
    assert statements == 2
    boxes = {unseal(row.sealed, pair.private)["email"]: row.pk for row in Signature.objects.all()}
    assert sorted(boxes) == sorted(emails[:3])
    mailed = [(item.secret["address"], item.payload["signature"]) for item in Item.objects.all()]
    assert sorted(mailed) == sorted([*boxes.items(), ("known@example.org", boxes["known@example.org"])])


def test_nothing_in_what_is_sealed_tells_who_signed_together():
    make_petition()
    sign_together({"slug": "stop", "email": "ana@example.org"}, {"slug": "stop", "email": "bo@example.org"})
    one, other = (bytes(row.sealed) for row in Signature.objects.all())
    assert not any(one[at : at + 8] in other for at in range(len(one) - 7))


def test_petitions_and_verdicts_are_not_mixed_up():
    quiet, aloud, stopped = make_petition("quiet"), make_petition("aloud", asks_why=True), make_petition("stopped")
    DomainRule.objects.create(pattern="bad.example", verdict="blocked")
    answers, _ = sign_together(
        {"slug": "aloud", "email": "ana@example.org", "is_public": "on", "reason": "Because.", "public_name": "Ana"},
        {"slug": "quiet", "email": "ana@example.org"},
        {"slug": "quiet", "email": "bo@bad.example"},
        {"slug": "stopped", "email": "ana@example.org"},
        meanwhile=lambda: Petition.objects.filter(pk=stopped.pk).update(is_paused=True),
    )
    assert [answer.status_code for answer in answers] == [302, 302, 302, 409]
    rows = Signature.objects.order_by("petition__slug", "hold_reason").values_list("petition", "hold_reason")
    assert list(rows) == [(aloud.pk, ""), (quiet.pk, ""), (quiet.pk, "blocked")]
    assert [voice.signature.petition for voice in Voice.objects.all()] == [aloud]


def test_one_address_twice_is_one_row():
    make_petition()
    answers, _ = sign_together(
        *({"slug": "stop", "email": email} for email in ["ana@example.org", "Ana+x@EXAMPLE.org"])
    )
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Signature.objects.count() == 1
    assert Item.objects.count() == 2
