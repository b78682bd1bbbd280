"""Somebody enters another's address into every form of the site, again and again, all day."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from tests.letters import pages
from tests.letters.factories import make_campaign, make_offices
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db
ADDRESS = {"email": "ana@example.org"}
OLDER = "UPDATE protection_allowance SET granted_at = ARRAY(SELECT g - interval '16 minutes' FROM unnest(granted_at) g)"


def post_everywhere(client: Client) -> None:
    client.post("/petitions/stop/", {"name": "Ana", "country": "DE", **ADDRESS})
    client.post("/petitions/other/", {"name": "Ana", "country": "DE", **ADDRESS})
    client.post("/petitions/mine/", ADDRESS)
    client.post("/newsletter/", ADDRESS)
    pages.send(client, **ADDRESS)


def a_quarter_of_an_hour_passes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(OLDER)


def test_fifty_posts_on_all_forms_are_three_mails_a_day(client, outbox_drained):
    make_petition("stop")
    make_petition("other")
    make_campaign()
    make_offices()
    sent = []
    for _ in range(10):
        post_everywhere(client)
        outbox_drained()
        sent.append(len(mail.outbox))
        a_quarter_of_an_hour_passes()
    assert sent == [1, 2, 3, 3, 3, 3, 3, 3, 3, 3]
    assert {address for message in mail.outbox for address in message.to} == {ADDRESS["email"]}
