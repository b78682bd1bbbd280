"""Links that are used at the same moment: those of one process are confirmed together (group_commit.py), each as
if alone; two processes wait for each other's rows."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection
from django.db.models.functions import Now

from campaign.mail.cooldown import allowance_key, seal_for
from campaign.protection.limits import rate_limits
from campaign.secrecy import tokens
from petitions.counting import events, recount
from petitions.models import Petition, Signature
from petitions.signing import confirming
from petitions.signing.confirming import CODE_TRIES, UsedLink
from standalone.supervision.process import wait_until
from tests.petitions.factories import make_confirmed, make_petition, make_signature, token_of
from tests.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def confirm(token: str, **came_along: str) -> Signature | None:
    try:
        return confirming.confirm(token, **came_along)
    finally:
        connection.close()


def confirm_together(*links: dict[str, str]) -> list[Signature | None]:
    confirming.confirm_together.is_led = True  # as if another were being confirmed
    with ThreadPoolExecutor(len(links)) as pool:
        answers = [pool.submit(confirm, **link) for link in links]
        assert wait_until(lambda: len(confirming.confirm_together.waiting) == len(links), seconds=60)
        confirming.confirm_together.lead()
    return [answer.result() for answer in answers]


def test_each_is_counted_held_or_refused_as_it_would_be_alone():
    one, other = make_petition("one"), make_petition("other")
    counted, elsewhere = make_signature(one, "a@example.org", country="DE"), make_signature(other, "a@example.org")
    held, late = make_signature(one, "held@example.org"), make_signature(one, "late@example.org")
    Signature.objects.filter(pk=held.pk).update(hold_reason="network")
    Signature.objects.filter(pk=late.pk).update(token_expires_at=Now())
    answers = confirm_together(*({"token": token_of(one)} for one in (counted, elsewhere, held, late)), {"token": "x"})
    assert [answer and answer.pk for answer in answers] == [counted.pk, elsewhere.pk, held.pk, None, None]
    states = dict(Signature.objects.values_list("pk", "state"))
    assert states == {counted.pk: "confirmed", elsewhere.pk: "confirmed", held.pk: "held", late.pk: "pending"}
    events.aggregate()
    assert {petition.slug: petition.count for petition in Petition.objects.for_display()} == {"one": 1, "other": 1}


def test_a_link_used_twice_counts_once():
    token = token_of(make_signature(make_petition()))
    first, second = confirm_together({"token": token}, {"token": token})
    assert first == second
    events.aggregate()
    assert recount.differences() == []
    assert Petition.objects.for_display().get().count == 1


def test_what_came_along_is_done_for_each():
    petition, emails = make_petition(), ["a@example.org", "b@example.org"]
    rate_limits.take_each({allowance_key(email) for email in emails}, rate_limits.CONFIRMATION_MAIL)
    confirm_together(
        *(
            {
                "token": token_of(make_signature(petition, email)),
                "receipt": seal_for(email),
            }
            for email in emails
        )
    )
    assert all(rate_limits.take(allowance_key(email), rate_limits.CONFIRMATION_MAIL) for email in emails)


LOCKED = 'FROM "petitions_signature"'


def shown_count() -> int:
    events.aggregate()
    return Petition.objects.for_display().get().count


def test_a_link_used_in_two_processes_at_once_counts_once():
    link = UsedLink(digest=tokens.digest(token_of(make_signature(make_petition()))), receipt="")
    confirm_link = partial(confirming.confirm_all, [link])  # past what the threads of one process share
    first, second = race(confirm_link, confirm_link, after=LOCKED)
    assert first.result() == second.result() != [None]
    assert shown_count() == 1
    assert recount.differences() == []


def test_a_signature_disowned_while_it_is_confirmed_does_not_count():
    token = token_of(make_signature(make_petition()))
    link = UsedLink(digest=tokens.digest(token), receipt="")
    disowned, confirmed = race(
        partial(confirming.disown, token, ""), partial(confirming.confirm_all, [link]), after=LOCKED
    )
    disowned.result(), confirmed.result()
    assert shown_count() == 0
    assert recount.differences() == []


def test_a_signature_disowned_in_two_processes_at_once_is_taken_off_once():
    petition = make_petition()
    token = token_of(make_signature(petition))
    confirming.confirm(token)
    make_confirmed(petition, "other@example.org")
    disown = partial(confirming.disown, token, "")
    for one in race(disown, disown, after=LOCKED):
        one.result()
    assert shown_count() == 1


TRIED = "INTO protection_meter"


def test_two_guesses_of_a_code_at_once_are_two_tries():
    petition = make_petition()
    signature = make_signature(petition)
    guess = partial(confirming.confirm_by_code, petition=petition, address="ana@example.org")
    for _ in range(CODE_TRIES.burst - 1):
        guess(code="x")
    code = confirming.code_for(signature.nonce or b"")
    wrong, right = race(partial(guess, code="x"), partial(guess, code=code), after=TRIED)
    assert (wrong.result(), right.result()) == (None, None)
