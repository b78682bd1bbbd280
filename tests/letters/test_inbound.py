"""Late refusals by mail (letters/inbound): believed only when proven."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from letters.delivery import inbound
from letters.delivery.inbound import boxes, refusals
from letters.models import Attempt, Delivery, Office
from letters.models.delivery_states import State
from tests.letters.factories import make_letter, make_ready

pytestmark = pytest.mark.django_db
PROOF = "mx.example.org; dkim=pass header.d=senate.gov header.s=x; spf=pass"


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.LETTER_INBOX_URL = tmp_path.as_uri()
    settings.LETTER_INBOX_SENDERS = ["senate.gov"]
    settings.LETTER_INBOX_SERVER = "mx.example.org"
    return tmp_path


@pytest.fixture
def accepted() -> Delivery:
    """A letter that the Senate's system has taken."""
    delivery = make_letter()
    delivery.become(State.SENDING, channel="senate_api")
    delivery.become(State.ACCEPTED)
    Attempt.objects.create(delivery=delivery, number=1, channel="senate_api", detail="201 created")
    return delivery


def put(folder: Path, delivery: Delivery, **changes: str) -> None:
    words = {
        "From": "CWC <no-reply@mail.senate.gov>",
        "Authentication-Results": PROOF,
        "Subject": "Message rejected",
        "body": f"DeliveryId: {delivery.delivery_id}\nRejected: address is not in the state.",
        **changes,
    }
    message = EmailMessage()
    message.set_content(words.pop("body"))
    for name, value in words.items():
        if value:
            message[name] = value
    (folder / f"{len(list(folder.rglob('*.eml')))}.eml").write_bytes(bytes(message))


def test_a_proven_refusal_makes_the_letter_rejected_with_its_reason(folder, accepted):
    put(folder, accepted)
    assert inbound.read() == 1
    accepted.refresh_from_db()
    assert accepted.state == State.REJECTED
    detail = Attempt.objects.get().detail
    assert detail.startswith("201 created")
    assert "address is not in the state" in detail
    assert [file.name for file in (folder / "refusals").iterdir()] == ["0.eml"]
    assert inbound.read() == 0


def test_a_refusal_that_comes_before_the_letter_is_known_to_have_gone_is_taken_afterwards(folder, accepted):
    put(folder, accepted)
    for waiting in ({"state": State.SENDING}, {"state": State.READY, "bound_to": "senate_api"}):
        Delivery.objects.update(**waiting)
        assert inbound.read() == 0
        assert list(folder.glob("*.eml"))
    Delivery.objects.update(state=State.UNKNOWN, bound_to="")
    assert inbound.read() == 1
    accepted.refresh_from_db()
    assert accepted.state == State.REJECTED


def test_a_refusal_of_several_letters_refuses_each(folder, accepted):
    other = make_ready(Office.objects.get(), email="bo@example.org")
    other.become(State.SENDING, channel="house_api")
    other.become(State.ACCEPTED)
    put(folder, accepted, body=f"DeliveryId: {accepted.delivery_id}\nDeliveryId: {other.delivery_id}\nStatus: Rejected")
    assert inbound.read() == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.REJECTED}


@pytest.mark.parametrize(
    "forged",
    [
        {"Authentication-Results": ""},
        {"Authentication-Results": "mx.example.org; dkim=fail header.d=senate.gov"},
        {"Authentication-Results": "mx.example.org; dkim=pass header.d=evil.example"},
        {"Authentication-Results": "evil.example; dkim=pass header.d=senate.gov"},
        {"Authentication-Results": "mx.example.org; dkim=none; x=dkim header.d=senate.gov"},
        {"From": "no-reply@senate.gov.evil.example"},
        {"From": "no-reply@evilsenate.gov"},
        {"From": '"no-reply@senate.gov" <a@evil.example>'},
    ],
)
def test_a_forged_refusal_changes_nothing(folder, accepted, forged):
    put(folder, accepted, **forged)
    assert inbound.read() == 0
    accepted.refresh_from_db()
    assert accepted.state == State.ACCEPTED
    assert len(list((folder / "others").iterdir())) == 1


def test_only_the_topmost_proof_counts(folder, accepted):
    message = EmailMessage()
    message.set_content(f"{accepted.delivery_id} rejected")
    message["Authentication-Results"] = "mx.example.org; dkim=none"
    message["Authentication-Results"] = PROOF
    message["From"] = "no-reply@senate.gov"
    assert refusals.refusal_in(message) is None


def test_without_the_name_of_our_own_server_nothing_is_believed(folder, accepted, settings):
    settings.LETTER_INBOX_SERVER = ""
    put(folder, accepted, **{"Authentication-Results": "; dkim=pass header.d=senate.gov"})
    assert inbound.read() == 0


def test_an_acknowledgement_is_no_refusal(folder, accepted):
    received = (
        f"DeliveryId {accepted.delivery_id}: received, thank you. If you got this in error, or it is invalid, tell us."
    )
    put(folder, accepted, Subject="Your message", body=received)
    assert inbound.read() == 0


@pytest.mark.parametrize(
    "body",
    [
        "DeliveryId: {id}\nStatus: Rejected",
        "DeliveryId: {id}\nCode: 400",
        "<CWC><DeliveryId>{id}</DeliveryId><Errors><Error>No such state</Error></Errors></CWC>",
    ],
)
def test_a_refusal_is_told_by_its_fields_and_names_the_letter_in_any_case(folder, accepted, body):
    put(folder, accepted, Subject="Your message", body=body.format(id=accepted.delivery_id.upper()))
    assert inbound.read() == 1
    accepted.refresh_from_db()
    assert accepted.state == State.REJECTED


def test_a_refusal_in_html_is_read_as_the_text_that_it_shows(folder, accepted):
    message = EmailMessage()
    message["From"], message["Authentication-Results"] = "no-reply@senate.gov", PROOF
    message["Subject"] = "Your message"
    rows = f"<tr><td>Id {accepted.delivery_id}</td></tr><tr><td>Status: <b>Rejected</b></td></tr>"
    message.set_content(f"<style>p{{}}</style><table>{rows}</table>", subtype="html")
    (folder / "0.eml").write_bytes(bytes(message))
    assert inbound.read() == 1


def test_a_letter_that_went_another_way_cannot_be_refused_by_mail(folder, accepted):
    Delivery.objects.update(channel="email")
    put(folder, accepted)
    assert inbound.read() == 0


def test_an_id_of_nobody_and_a_broken_mail_do_no_harm(folder, accepted):
    put(folder, accepted, body="rejected: " + "f" * 32)
    (folder / "broken.eml").write_bytes(b"\xff\xfe\x00 no mail at all \n\n" + b"\x80" * 100)
    assert inbound.read() == 0
    assert not list(folder.glob("*.eml"))


@pytest.mark.parametrize("sender", ['"', "\\@[\t=?x?q?=ff?==?utf-8?q?a", ".\r\n =?utf-8?q?a <a@senate.gov>a"])
def test_a_mail_whose_sender_cannot_be_read_keeps_none_behind_it_from_being_read(folder, accepted, sender):
    raw = f"From: {sender}\r\nAuthentication-Results: {PROOF}\r\n\r\nrejected: {'f' * 32}\r\n"
    (folder / "0 first.eml").write_bytes(raw.encode())
    put(folder, accepted)
    assert inbound.read() == 1
    assert not list(folder.glob("*.eml"))


def test_without_a_box_nothing_is_read(settings):
    settings.LETTER_INBOX_URL = ""
    assert inbound.read() == 0


@pytest.mark.parametrize("url", ["imap://host/INBOX", "http://host", "pop3://host"])
def test_a_box_is_a_folder_or_imap_over_tls(url):
    with pytest.raises(ValueError, match="neither"), boxes.open_box(url):
        pass
