"""What a letter looks like in the Senate's format (letters/delivery/channels/congress/message.py)."""

import os
from dataclasses import asdict, replace
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies
from lxml import etree

from letters.constituency.congress.chambers import SENATE
from letters.delivery.channels.congress import configuration, message
from letters.models import Constituent, Delivery, Letter, LetterCampaign, Office, RecipientList
from letters.models.recipients.recipient_lists import US_SENATE
from letters.models.sender import Sender
from letters.models.topics import TOPICS
from letters.wizard import body_text
from letters.wizard.fields import LineField
from letters.wizard.forms import PREFIXES
from tests.letters.factories import (
    SENDER,
    make_letter,
    make_ready,
)
from tests.letters.senate_stub import SenateStub

pytestmark = pytest.mark.django_db


def test_the_message_says_what_was_confirmed_and_who_wrote_it(senate, go):
    delivery = make_letter(body="Dear Senator, R&D <now> “O'Brien”, Núñez 👩🏽‍⚕️, I ask you.")
    go()
    (document,) = senate.documents()
    texts = {element.tag: element.text for element in document.iter() if not len(element)}
    assert texts["MemberOffice"] == "SNM02"
    assert texts["Prefix"] == "Ms."
    assert (texts["FirstName"], texts["LastName"], texts["Email"]) == ("Ana", "Núñez", "ana@example.org")
    assert (texts["Address1"], texts["City"], texts["Zip"]) == ("100 Example St", "Santa Fe", "87501")
    assert texts["ConstituentMessage"] == delivery.letter.message.body
    assert "100 Example St" not in texts["ConstituentMessage"]
    assert (texts["BillTypeAbbreviation"], texts["BillNumber"], texts["BillCongress"]) == ("S.Res.", "220", "115")
    raw = senate.received[0][2].decode()
    assert "R&amp;D &lt;now&gt;" in raw
    assert "\n<DeliveryId>" in raw


def test_our_own_words_go_as_the_organisations_statement(senate, go):
    delivery = make_letter()
    delivery.letter.is_edited = False
    delivery.letter.save()
    go()
    (document,) = senate.documents()
    assert document.findtext("Message/OrganizationStatement") == delivery.letter.message.body
    assert document.find("Message/ConstituentMessage") is None


def made(sender: Sender, body: str, *, subject: str = "Please support it", is_edited: bool = True) -> Delivery:
    """A letter as it is kept, without the database."""
    campaign = LetterCampaign(slug="support", bill_number=220, bill_congress=115, topics=TOPICS[:2])
    office = Office(recipient_list=RecipientList(slug=US_SENATE, **SENATE), area="NM", seat=2)
    constituent = Constituent(private=asdict(sender))
    content = {"subject": subject, "body": body}
    letter = Letter(constituent=constituent, campaign=campaign, office=office, content=content, is_edited=is_edited)
    return Delivery(letter=letter, delivery_id=uuid4().hex)


def composed(delivery: Delivery, senate: SenateStub) -> etree._Element:
    """Read back as the Senate would; checked against their schema as well where CWC_SCHEMA names it."""
    api = configuration.Api(**senate.settings)
    document = etree.fromstring(message.compose_xml(delivery, delivery.letter.message, api))
    if theirs := os.environ.get("CWC_SCHEMA"):
        etree.RelaxNG(etree.parse(theirs)).assertValid(document)
    return document


LINES = strategies.text(strategies.characters(exclude_categories=("C", "Z")), min_size=3, max_size=255)
TEXTS = strategies.text(min_size=20, max_size=2000).map(body_text.clean_body).filter(lambda text: len(text) >= 20)
SENDERS = strategies.builds(
    partial(replace, SENDER), first_name=LINES, last_name=LINES, street=LINES, city=LINES,
    prefix=strategies.sampled_from(PREFIXES), zip=strategies.sampled_from(["87501", "87501-1234"]),
)  # fmt: skip


ODD = [
    (replace(SENDER, prefix="Dr.", first_name="Ngũgĩ", last_name='wa Thiong\'o & <Sons> "Jr"'), "]]> <![CDATA[ &amp;"),
    (replace(SENDER, prefix="Mr.", email="o'brien+x@sub.example.co", state="DC", last_name="م" * 255), "x" * 10_000),
    (replace(SENDER, prefix="Miss", street='1/2 "Straße" #3', zip="87501-1234"), "👩🏽‍⚕️ \u200d مرحبا\n\t 日本"),
]


@given(sender=SENDERS, body=TEXTS, is_edited=strategies.booleans())
@example(sender=ODD[0][0], body=ODD[0][1], is_edited=True)
@example(sender=ODD[1][0], body=ODD[1][1], is_edited=True)
@example(sender=ODD[2][0], body=ODD[2][1], is_edited=False)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
def test_whatever_was_typed_stands_in_the_document_unchanged(senate, sender, body, is_edited):
    document = composed(made(sender, body, is_edited=is_edited), senate)
    texts = {element.tag: element.text for element in document.iter() if not len(element)}
    assert texts["ConstituentMessage" if is_edited else "OrganizationStatement"] == body
    kept = ["first_name", "last_name", "street", "city", "email", "zip", "prefix"]
    tags = ["FirstName", "LastName", "Address1", "City", "Email", "Zip", "Prefix"]
    assert [texts[tag] for tag in tags] == [getattr(sender, name) for name in kept]


@given(strategies.text(strategies.characters(categories=["Cc", "Cn"]), min_size=1), TEXTS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_text_that_was_cleaned_can_always_be_composed(senate, odd, text):
    body = body_text.clean_body(f"{text[:10]}{odd}{text[10:]}")
    assert composed(made(replace(SENDER, prefix="Ms."), body), senate).findtext("Message/ConstituentMessage") == body


@pytest.mark.parametrize("odd", ["\ufffe", "\uffff", "\ufdd0", "\U0001ffff", "\u202e", "\u2066", "\ue000", "\u0085"])
def test_a_line_that_was_cleaned_can_always_be_composed(senate, odd):
    cleaned = LineField().clean(f"An{odd}nabel{odd}")
    sender = replace(SENDER, prefix="Ms.", first_name=cleaned, street=cleaned)
    document = composed(made(sender, "x" * 30, subject=cleaned), senate)
    assert odd not in cleaned
    assert document.findtext("Constituent/FirstName") == document.findtext("Message/Subject") == cleaned


@pytest.mark.parametrize(
    "change",
    [{"prefix": "Prof."}, {"city": "Ai"}, {"state": "AE"}, {"street": "x"}, {"body": "short"}, {"body": "y" * 10_001}],
)
def test_what_breaks_the_format_never_leaves(senate, change):
    delivery = make_ready(**{"prefix": "Ms.", **change})
    with pytest.raises(message.Invalid):
        message.compose_xml(delivery, delivery.letter.message, configuration.load())
