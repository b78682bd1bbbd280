"""Letters by e-mail, against a real mail server (email.py): case 21, and every answer it can give."""

import random
import smtplib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from typing import Any

import pytest

from campaign.mail import mailers
from campaign.outbox import claims, execution
from campaign.outbox.models import Item
from letters.delivery import attempts, staff_actions
from letters.delivery.channels import Channels
from letters.delivery.channels.email import build_letter
from letters.delivery.handler import DeliveryHandler
from letters.delivery.returned_mail.marks import mark_of
from letters.models import Attempt, ChannelStatus, Delivery
from letters.models import Outcome as Result
from letters.models.delivery_states import State
from standalone.ports import unused_port
from tests.letters.factories import (
    LEASE,
    begin,
    lose_worker,
    make_addressed_office,
    make_campaign,
    make_confirmed,
    make_due,
    make_office,
    make_ready,
    states,
)
from tests.live.scripted_server import WILLING, ScriptedServer, scripted_server
from tests.test_mail_on_the_wire import decoded, headers_of

pytestmark = pytest.mark.django_db
KIND = "letters.delivery"


class Died(BaseException):
    """As SIGKILL: no handler of exceptions sees it."""


def die(*args: object) -> None:
    raise Died


def run_and_die() -> None:
    pairs = [(pk, token) for pk, token, _ in claims.claim(KIND, limit=10, lease=LEASE)]
    with pytest.raises(Died):
        execution.execute(KIND, pairs)


def test_an_email_is_from_the_coalition_with_the_constituent_to_reply_to(outbox_drained, sink):
    delivery = make_ready(make_addressed_office())
    outbox_drained()
    (received,) = sink.to("mail@office.example")
    message = received.message
    assert received.sender == "campaign@example.org"
    assert message["From"] == "campaign@example.org"
    assert message["Reply-To"] == "Ana Núñez <ana@example.org>"
    assert message["Message-ID"] == f"<{mark_of(delivery.delivery_id)}@example.org>"
    assert message["Subject"] == "Please"
    assert received.text.replace("\r\n", "\n") == delivery.letter.message.text
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    assert Attempt.objects.get().detail == "250 OK queued as 42"


def test_every_character_arrives_as_it_was_typed(outbox_drained, sink):
    odd = "Dear Senator,\n\nR&D <now>, O'Brien, Núñez, 日本語 مرحبا 👩🏽‍⚕️.\n.\n" + "a line of its own " * 80
    delivery = make_ready(make_addressed_office(), body=odd, first_name="Ngũgĩ", last_name='O\'Brien, "Jr"')
    outbox_drained()
    (received,) = sink.to("mail@office.example")
    assert received.text.replace("\r\n", "\n") == delivery.letter.message.text
    assert received.message["Reply-To"].addresses[0].display_name == 'Ngũgĩ O\'Brien, "Jr"'


WORDS = ["Señator", "Luján:", "please", "support", "the", "résolution", "against", "harvesting", "–", "日本", "now"]


def test_a_subject_of_any_words_is_read_as_it_was_meant():
    """By a reader that shares no code with the writer: Python 3.12.1 loses blanks between encoded words."""
    delivery, chance = make_ready(make_addressed_office()), random.Random(7)
    for _ in range(200):
        subject = " ".join(chance.choices(WORDS, k=chance.randint(2, 16)))
        raw = build_letter(delivery, replace(delivery.letter.message, subject=subject)).message(policy=policy.SMTP)
        assert decoded(headers_of(raw.as_bytes())["subject"]) == subject


def test_many_letters_share_a_connection_and_each_has_its_own_text(outbox_drained, sink):
    office = make_addressed_office()
    for number in range(5):
        make_ready(office, email=f"p{number}@example.org", body=f"Dear Senator, this is letter number {number}.")
    outbox_drained()
    texts = {received.text.split("number ")[1][0] for received in sink.to("mail@office.example")}
    assert texts == set("01234")
    assert len(sink.to("mail@office.example")) == 5


def test_an_answer_of_4xx_is_tried_again_and_one_of_5xx_never(outbox_drained, sink):
    first, second = (
        make_addressed_office(),
        make_addressed_office(directory_id="X1", area="AZ", email="no@office.example"),
    )
    sink.answers |= {"mail@office.example": "451 come back later", "no@office.example": "550 no such box"}
    later, never = make_ready(first), make_ready(second, email="bo@example.org")
    outbox_drained()
    later.refresh_from_db()
    never.refresh_from_db()
    assert (later.state, never.state) == (State.READY, State.REJECTED)
    assert Attempt.objects.get(delivery=never).detail == "550 no such box"
    sink.answers.clear()
    make_due()
    outbox_drained()
    later.refresh_from_db()
    assert later.state == State.ACCEPTED
    assert [(attempt.number, attempt.outcome) for attempt in later.attempts.all()] == [(1, "later"), (2, "accepted")]
    assert len(sink.to("mail@office.example")) == 1
    assert not sink.to("no@office.example")


def test_a_refusal_after_the_text_was_sent_is_a_refusal_all_the_same(outbox_drained, sink):
    sink.after_data = "554 not here"
    delivery = make_ready(make_addressed_office())
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.REJECTED


def test_a_mail_server_that_cannot_be_reached_costs_nothing_but_time(outbox_drained, sink, settings):
    reachable = settings.MAILERS
    settings.MAILERS = {"default": mailers.mailer_from_url(f"smtp://127.0.0.1:{unused_port()}", settings.ROOT)}
    delivery = make_ready(make_addressed_office())
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.READY
    item = Item.objects.get(kind=KIND)
    assert (item.attempts, item.reason) == (0, "the mail server could not be used: ConnectionRefusedError")
    settings.MAILERS = reachable
    rest_is_over()
    outbox_drained()
    assert len(sink.to("mail@office.example")) == 1


@pytest.fixture
def server(settings) -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        settings.MAILERS = {"default": mailers.mailer_from_url(server.url, settings.ROOT)}
        yield server


def rest_is_over() -> None:
    ChannelStatus.objects.update(quiet_until=None)
    make_due()


@pytest.mark.parametrize(
    ("command", "answer"), [("HELLO", "421 busy"), ("AUTH", "535 wrong password"), ("MAIL", "550 who are you")]
)
def test_a_server_that_takes_nothing_of_ours_ends_no_letter_however_long(outbox_drained, server, command, answer):
    delivery = make_ready(make_addressed_office())
    server.script[command] = answer
    for _ in range(DeliveryHandler.max_attempts + 1):
        rest_is_over()
        outbox_drained()
    item = Item.objects.get(kind=KIND)
    assert (item.state, item.attempts) == ("waiting", 0)
    assert ChannelStatus.objects.holding_up().get().unreachable_because == item.reason
    server.script = WILLING
    rest_is_over()
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    assert not ChannelStatus.objects.unreachable().exists()


def test_a_line_that_breaks_before_the_text_costs_this_letter_an_attempt_and_no_other(
    outbox_drained, server, monkeypatch
):
    """Else one that a server hangs up on every time would hold up all for ever."""
    spoilt = make_ready(make_addressed_office(directory_id="X1", area="AZ", email="no@office.example"))
    good = make_ready(make_addressed_office(), email="bo@example.org")
    take = smtplib.SMTP.rcpt

    def hang_up(smtp: smtplib.SMTP, recipient: str, *options: Any) -> Any:
        if recipient == "no@office.example":
            raise smtplib.SMTPServerDisconnected
        return take(smtp, recipient, *options)

    monkeypatch.setattr("smtplib.SMTP.rcpt", hang_up)
    outbox_drained()
    spoilt.refresh_from_db()
    good.refresh_from_db()
    assert (spoilt.state, good.state) == (State.READY, State.ACCEPTED)
    assert Item.objects.get(kind=KIND).attempts == 1


def test_a_server_that_is_away_is_tried_once_for_many_letters_and_again_after_a_rest(outbox_drained, server):
    office = make_addressed_office()
    for number in range(3):
        make_ready(office, email=f"p{number}@example.org")
    Item.objects.exclude(kind=KIND).delete()  # mails to the constituents, which try the server as well
    server.script["HELLO"] = "554 no service"
    for _ in range(2):
        make_due()
        outbox_drained()
    assert server.met == 1
    server.script = WILLING
    rest_is_over()
    outbox_drained()
    assert server.heard.count("DATA") == 3


def test_a_line_that_breaks_after_the_text_was_sent_leaves_the_letter_unknown_for_staff(outbox_drained, sink):
    sink.after_data = None
    delivery = make_ready(make_addressed_office())
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    sink.after_data = "250 OK"
    for _ in range(3):
        make_due()
        outbox_drained()
    assert len(sink.to("mail@office.example")) == 1
    staff_actions.retry(delivery)
    outbox_drained()
    assert len(sink.to("mail@office.example")) == 2


def test_a_worker_killed_before_the_text_left_is_followed_by_another_and_one_letter_arrives(
    outbox_drained, sink, monkeypatch
):
    delivery = make_ready(make_addressed_office())
    with monkeypatch.context() as patch:
        patch.setattr("smtplib.SMTP.rcpt", die)
        run_and_die()
    assert Attempt.objects.get().phase == "composing"
    lose_worker()
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    assert [attempt.outcome for attempt in delivery.attempts.all()] == [Result.ABANDONED, Result.ACCEPTED]
    assert len(sink.to("mail@office.example")) == 1


def test_a_worker_killed_after_the_text_left_makes_the_letter_unknown_and_never_a_second_one(
    outbox_drained, sink, monkeypatch
):
    delivery = make_ready(make_addressed_office())
    with monkeypatch.context() as patch:
        patch.setattr("smtplib.SMTP.getreply", answer_or_die(after="data"))
        run_and_die()
    lose_worker()
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    assert Attempt.objects.get().outcome == Result.UNKNOWN
    assert len(sink.to("mail@office.example")) <= 1
    assert not Item.objects.filter(kind=KIND).exists()


def answer_or_die(after: str):
    """smtplib's getreply, but for the answer that follows the final dot."""
    answers = {"number": 0}
    original = smtplib.SMTP.getreply

    def getreply(self: smtplib.SMTP) -> tuple[int, bytes]:
        code, words = original(self)
        if answers.get("is_data"):
            raise Died
        answers["is_data"] = code == 354
        return code, words

    return getreply


def test_a_frozen_worker_that_wakes_up_too_late_sends_nothing(outbox_drained, sink):
    delivery = make_ready(make_addressed_office())
    items = begin()
    outcomes = DeliveryHandler().run(items)
    frozen = attempts.begin([(Delivery.objects.with_letter().get(), Channels().of(delivery.letter.office))])
    lose_worker()
    with pytest.raises(attempts.Superseded):
        attempts.hand_over(frozen[delivery.pk])
    outbox_drained()
    for result in outcomes:
        assert isinstance(result, tuple)
        assert not execution.settle(*result, DeliveryHandler())
    assert len(sink.to("mail@office.example")) == 1


def test_one_senator_can_have_the_letter_while_the_other_has_not(outbox_drained, sink):
    sink.answers["no@office.example"] = "550 no"
    offices = [make_office(), make_addressed_office(directory_id="X1", seat=1, email="no@office.example")]
    constituent = make_confirmed(make_campaign(), offices)
    make_due()
    outbox_drained()
    assert states(constituent) == {"H001046": State.ACCEPTED, "X1": State.REJECTED}


def test_what_was_given_up_runs_again_on_staffs_word_from_either_side(outbox_drained, sink):
    delivery = make_ready(make_addressed_office())
    sink.answers["*"] = "451 later"
    for _ in range(DeliveryHandler.max_attempts):
        make_due()
        outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.DEAD
    assert Item.objects.get(kind=KIND).state == "dead"
    sink.answers.clear()
    staff_actions.retry(delivery)
    outbox_drained()
    delivery.refresh_from_db()
    assert delivery.state == State.ACCEPTED
    assert len(sink.to("mail@office.example")) == 1
    assert not Item.objects.filter(kind=KIND).exists()


def test_a_letter_is_being_sent_from_its_own_attempt_on_and_not_since_its_batch_began(sink):
    office = make_addressed_office()
    for number in range(3):
        make_ready(office, email=f"p{number}@example.org")
    results = DeliveryHandler().run(begin())
    next(results)
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {State.SENDING: 1, State.READY: 2}
    assert Attempt.objects.count() == 1


def test_letters_whose_turn_never_came_are_as_they_were(outbox_drained, sink, monkeypatch):
    office = make_addressed_office()
    for number in range(3):
        make_ready(office, email=f"p{number}@example.org")
    with monkeypatch.context() as patched:
        patched.setattr(DeliveryHandler, "turn_seconds", 0)
        execution.execute(KIND, [(pk, token) for pk, token, _ in claims.claim(KIND, limit=10, lease=LEASE)])
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {State.ACCEPTED: 1, State.READY: 2}
    assert set(Item.objects.filter(kind=KIND).values_list("state", "attempts")) == {("waiting", 0)}
    outbox_drained()
    assert len(sink.to("mail@office.example")) == 3
    assert Attempt.objects.count() == 3


def test_a_disk_that_is_full_costs_a_letter_nothing_but_time(outbox_drained, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.MAILERS = {"default": mailers.mailer_from_url(f"file://{tmp_path}/file", settings.ROOT)}
    make_ready(make_addressed_office())
    outbox_drained()
    item = Item.objects.get(kind=KIND)
    assert (item.state, item.attempts) == ("waiting", 0)
    assert Delivery.objects.get().state == State.READY
    assert item.reason.startswith("trouble of this server: ")
