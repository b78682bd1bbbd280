"""What a letter looks like in the Senate's format (letters/channels/senate/message.py)."""

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from letters.channels.senate import configuration, message
from tests.letters.factories import (
    SENDER,
    make_letter,
    make_ready,
)

pytestmark = pytest.mark.django_db
REFERENCE = Path(__file__).parents[3] / "shared" / "letters" / "cwc-2.0-reconstructed.rng"


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


ODD = [
    replace(SENDER, prefix="Dr.", first_name="Ngũgĩ", last_name="wa Thiong'o & <Sons>"),
    replace(SENDER, prefix="Miss", street='1/2 Ünïcode "Straße" #3', zip="87501-1234"),
    replace(SENDER, prefix="Mr.", email="o'brien+x@sub.example.co", state="DC", residence="NM"),
]


@pytest.mark.parametrize("sender", ODD)
@pytest.mark.parametrize("body", ["x" * 10_000, "Six ch", "]]> <![CDATA[ &amp; \t tab \n line 👩🏽‍⚕️ \u200d مرحبا"])
@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference is not part of the project")
def test_odd_input_makes_xml_that_the_reference_accepts(senate, sender, body):
    delivery = make_ready(**{**vars(sender), "body": body})
    document = message.compose(delivery, delivery.letter.message, configuration.load())
    reference = etree.RelaxNG(etree.parse(REFERENCE))
    reference.assertValid(etree.fromstring(document))


@pytest.mark.parametrize(
    "change",
    [{"prefix": "Prof."}, {"city": "Ai"}, {"state": "AE"}, {"street": "x"}, {"body": "short"}, {"body": "y" * 10_001}],
)
def test_what_breaks_the_format_never_leaves(senate, change):
    delivery = make_ready(**{"prefix": "Ms.", **change})
    with pytest.raises(message.Invalid):
        message.compose(delivery, delivery.letter.message, configuration.load())
