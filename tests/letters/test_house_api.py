"""The House's own system (letters/delivery/channels/congress/), against a server that behaves as it is described."""

import json
from collections.abc import Callable

import pytest

from letters.constituency.congress.chambers import US_HOUSE, chamber
from letters.delivery.channels.congress import configuration, offices, turns
from letters.delivery.channels.congress.transport import Reply
from letters.models import ChannelStatus, Delivery, Office
from letters.models.delivery_states import State
from tests.letters.factories import make_campaign, make_due, make_member, make_office, make_ready
from tests.letters.senate_stub import SenateStub

pytestmark = pytest.mark.django_db
OWN = ("url", "hosts", "key", "messages_path", "offices_path", "rate", "office_rate", "closed")
HOUSE = configuration.HOUSE


@pytest.fixture
def house(senate, settings) -> SenateStub:
    """The House's system, which takes letters for a district of New Mexico; the Senate's is not connected."""
    settings.HOUSE_API = {name: senate.settings[name] for name in OWN}
    settings.SENATE_API = {**senate.settings, "url": "", "key": ""}
    settings.LETTER_CHANNELS = ["senate_api", "house_api", "sandbox"]
    senate.offices = ["HNM03", "SNM02"]
    offices.refresh(HOUSE)
    return senate


@pytest.fixture
def turn(outbox_drained) -> Callable[[], None]:
    def run() -> None:
        for _ in range(2):
            make_due()
            outbox_drained()
            turns.tick(HOUSE)
        make_due()
        outbox_drained()

    return run


def make_representative() -> Office:
    return make_member(chamber(US_HOUSE), 3, area="NM-03", seat=1, last_name="Representative")


def test_a_letter_goes_to_the_office_of_the_district_under_its_own_code(house, turn):
    make_campaign(list_slugs=[US_HOUSE], bill_type="H.R.")
    delivery = make_ready(make_representative(), prefix="Ms.")
    turn()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.channel) == (State.ACCEPTED, "house_api")
    (document,) = house.documents()
    assert document.findtext("Recipient/MemberOffice") == "HNM03"
    assert document.findtext("Message/Bills/Bill/BillTypeAbbreviation") == "H.R."
    assert document.findtext("Delivery/DeliveryAgent") == "Example Coalition Inc."


def test_nothing_for_the_other_chamber_goes_through_it(house, turn):
    assert ChannelStatus.objects.of("house_api").open_offices == ["HNM03"]
    make_ready(make_office(), prefix="Ms.")
    turn()
    assert Delivery.objects.get().channel == "sandbox"
    assert not house.ids


@pytest.mark.parametrize("missing", ["url", "key", "messages_path"])
def test_it_is_off_without_its_own_settings_and_never_uses_the_senates_key(house, turn, settings, missing):
    settings.SENATE_API = house.settings
    settings.HOUSE_API = {**settings.HOUSE_API, missing: ""}
    with pytest.raises(configuration.NotConfigured, match=f"HOUSE_API_{missing.upper()}"):
        configuration.load(HOUSE)
    make_ready(make_representative(), prefix="Ms.")
    make_due()
    with pytest.raises(configuration.NotConfigured):
        turn()
    assert Delivery.objects.get().channel == "sandbox"
    assert not house.ids


def test_a_list_of_plain_codes_is_read_as_well():
    body = json.dumps(["HNM03", "HAK00", "SNM01", "HNM3", None]).encode()
    assert offices.read(Reply(200, body), HOUSE) == ["HAK00", "HNM03"]
