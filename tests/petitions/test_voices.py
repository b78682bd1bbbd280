"""What signers ask to have shown (comments.py): nothing by itself, nothing unread, and gone when they go."""

import html
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from campaign.audit.models import Entry
from campaign.secrecy.keypairs import Keypair, new_keypair
from campaign.secrecy.sealing import unseal
from petitions.counting import events
from petitions.data_requests import retention, self_service
from petitions.models import Petition, Signature, Voice, VoiceState
from petitions.moderation import decisions, public_comments
from petitions.paper.imports import undo
from petitions.public import comments
from petitions.public.comments import PublicComment
from petitions.signing import confirming
from tests.petitions.factories import make_confirmed, make_petition, make_signature, token_of
from tests.petitions.paper import load, make_staff

pytestmark = pytest.mark.django_db
FORM = {"name": "Ana Núñez", "email": "ana@example.org", "country": "ES"}
SAID = {"reason": "My cousin vanished.", "is_public": "on", "public_name": "Ana"}
ALOUD = PublicComment("Because.", "Ana", is_public=True)


@pytest.fixture
def pair() -> Keypair:
    return new_keypair()


@pytest.fixture
def petition(pair) -> Petition:
    return make_petition(keypair=pair, asks_why=True)


def post(client, **changes: str):
    return client.post("/petitions/stop/", {**FORM, **changes})


def page(client) -> str:
    return html.unescape(client.get("/petitions/stop/").content.decode())


def marks(answer) -> dict[str, str]:
    """Return what the page of a moderator says about the words on it."""
    return dict(re.findall(r'name="(read-\d+)" value="(\w+)"', answer.content.decode()))


def approve_all() -> int:
    return public_comments.approve_comments({one.pk: one.mark_of_words for one in Voice.objects.all()}, by="staff")


def test_a_reason_is_sealed_and_nothing_is_shown_unless_the_box_is_ticked(client, petition, pair):
    assert post(client, reason="My cousin vanished.").status_code == 302
    assert unseal(Signature.objects.get().sealed, pair.private)["reason"] == "My cousin vanished."
    assert not Voice.objects.exists()


def test_the_box_is_not_ticked_and_the_form_says_what_becomes_public(client, petition):
    form = page(client)
    assert 'name="is_public"' in form
    assert "checked" not in form
    assert "Anyone can read and copy it" in form
    assert "Nothing about you is shown in public except what you ask for above." in form


def test_a_petition_that_does_not_ask_takes_nothing_and_shows_nothing(client):
    make_petition(asks_why=False)
    assert 'name="reason"' not in page(client)
    post(client, **SAID)
    assert not Voice.objects.exists()


def test_it_is_shown_after_confirming_and_after_a_moderator_has_read_it(client, petition):
    post(client, **SAID)
    assert approve_all() == 0
    confirming.confirm(token_of(Signature.objects.get()))
    assert "vanished" not in page(client)
    assert approve_all() == 1
    shown = page(client)
    assert "My cousin vanished." in shown
    assert "<bdi>Ana</bdi>" in shown
    assert "Núñez" not in shown
    assert "Spain" not in shown.partition("Why people sign")[2].partition("</section>")[0]
    assert Entry.objects.get(act="voices.approved").details["number"] == 1


def test_a_country_is_named_once_ten_have_signed_from_it(client, petition):
    for number in range(10):
        make_confirmed(
            petition, f"p{number}@example.org", country="ES", said=ALOUD if not number else comments.NO_COMMENT
        )
    events.aggregate()
    approve_all()
    assert "<bdi>Ana</bdi>, Spain" in page(client)


def test_until_it_is_shown_it_cannot_be_read_in_the_database(client, petition):
    post(client, **SAID)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(words, 'escape') FROM petitions_voice")
        assert "vanished" not in repr(cursor.fetchall())


def test_the_newest_wish_of_a_pending_signer_stands_and_a_confirmed_one_is_not_spoken_for(client, petition):
    post(client, **SAID)
    post(client, **{**SAID, "reason": "Another."})
    assert Voice.objects.get().said["reason"] == "Another."
    post(client)
    assert not Voice.objects.exists()
    post(client, **SAID)
    confirming.confirm(token_of(Signature.objects.get()))
    post(client, **{**SAID, "reason": "By somebody else"})
    post(client)
    assert Voice.objects.get().said["reason"] == SAID["reason"]


@pytest.mark.parametrize("part", ["withdraw", "erase", "invalidate", "purge", "not-me", "delete-unconfirmed"])
def test_it_goes_when_the_signature_goes(petition, part):
    make = make_signature if part == "delete-unconfirmed" else make_confirmed
    signature = make(petition, said=ALOUD)
    approve_all()
    if part == "withdraw":
        self_service.withdraw(signature)
    elif part == "erase":
        self_service.forget(signature)
    elif part == "invalidate":
        decisions.invalidate([signature.pk], by="staff")
    elif part == "purge":
        retention.clear_petition(petition)
    elif part == "not-me":
        confirming.disown(token_of(signature), "")
    else:
        Signature.objects.update(token_expires_at=Now() - timedelta(days=40))
        retention.delete_unconfirmed()
    assert not Voice.objects.exists()


def test_a_paper_batch_that_is_taken_back_takes_it_along(petition, outbox_drained):
    batch = load(petition, "Ana,,Street 1,DE")
    self_service.speak(Signature.objects.get(), ALOUD)
    undo.start(batch)
    outbox_drained()
    assert not Voice.objects.exists()


def test_a_held_signer_is_not_read_before_the_release(petition):
    signature = make_signature(petition, said=ALOUD)
    Signature.objects.update(hold_reason="network")
    confirming.confirm(token_of(signature))
    assert approve_all() == 0
    decisions.release([signature.pk], by="staff")
    assert approve_all() == 1


@pytest.mark.parametrize(
    ("field", "text"),
    [("reason", "See https://bad.example/"), ("reason", "x" * 281), ("public_name", "www.bad.example")],
)
def test_links_and_long_texts_are_refused_with_everything_kept(client, petition, field, text):
    refused = client.get(post(client, **{**SAID, field: text})["Location"])
    assert refused.status_code == 422
    assert text in html.unescape(refused.content.decode())
    assert not Signature.objects.exists()


def test_what_could_turn_text_around_goes_and_what_could_be_markup_is_text(client, petition):
    make_confirmed(petition, said=PublicComment("<b>x</b>", "Ana", is_public=True))
    approve_all()
    assert "&lt;b&gt;x" in client.get("/petitions/stop/").content.decode()
    post(client, **{**SAID, "email": "b@example.org", "reason": "a\u202eb\u200bc\n d"})
    assert Voice.objects.get(state=VoiceState.WAITING).said["reason"] == "abc d"


def test_the_reason_is_carried_to_another_address(client, petition, pair):
    to = post(client, **{**SAID, "email": "typo@example.org"})["Location"].split("to=")[1]
    client.post("/petitions/stop/check-email/", {"to": to, "email": "right@example.org"})
    newest = Signature.objects.order_by("-pk")[0]
    assert unseal(newest.sealed, pair.private)["reason"] == newest.voice.said["reason"] == SAID["reason"]


def test_the_longest_of_all_fits_into_the_address_of_the_next_page(client, petition):
    longest = {"name": "𐎠" * 255, "reason": "𐎠" * 280, "public_name": "𐎠" * 60, "email": f"{'a' * 64}@{'b' * 60}.org"}
    answer = post(client, is_public="on", **longest)
    assert answer.status_code == 302
    assert len(answer["Location"]) < 4000
    assert client.get(answer["Location"]).status_code == 200


def test_the_page_costs_the_same_whatever_is_shown(client, petition, django_assert_num_queries):
    with CaptureQueriesContext(connection) as before:
        page(client)
    for number in range(12):
        make_confirmed(petition, f"p{number}@example.org", said=ALOUD)
    approve_all()
    with django_assert_num_queries(len(before)):
        assert page(client).count("Because.") == comments.COMMENTS_SHOWN


def mine(*parts: str) -> str:
    return "/".join(["/petitions/mine", self_service.link_token("ana@example.org"), *parts, ""])


def test_by_the_mailed_link_it_is_seen_changed_taken_along_and_taken_back(client, petition):
    make_confirmed(petition, said=ALOUD)
    approve_all()
    assert "Because." in client.get(mine()).content.decode()
    assert client.get(mine("export")).json()["signatures"][0]["public"] == {
        "state": "approved", "name": "Ana", "country": "DE", "reason": "Because.", "language": "en",
    }  # fmt: skip
    client.post(mine("stop", "speak"), {"public_name": "A.", "reason": "Otherwise."})
    assert (Voice.objects.get().state, Voice.objects.get().said["reason"]) == (VoiceState.WAITING, "Otherwise.")
    assert client.post(mine("stop", "speak"), {"reason": "http://x.example/y"}).status_code == 200
    client.post(mine("stop", "hush"))
    assert not Voice.objects.exists()
    client.post(mine("stop", "withdraw"))
    client.post(mine("stop", "speak"), {"reason": "Still here"})
    assert not Voice.objects.exists()


def test_correcting_the_name_seals_the_reason_that_is_written_with_it(client, petition, pair):
    make_confirmed(petition)
    client.post(mine("stop", "correct"), {"name": "Right", "reason": "New."})
    assert unseal(Signature.objects.get().sealed, pair.private) == {
        "name": "Right", "email": "ana@example.org", "reason": "New.",
    }  # fmt: skip


def test_moderators_read_what_waits_and_their_decisions_are_noted(client, petition):
    one = make_confirmed(petition, "one@example.org", said=PublicComment("Good words", "Ana", is_public=True))
    two = make_confirmed(petition, "two@example.org", said=PublicComment("Bad words", "Bob", is_public=True))
    client.force_login(make_staff("moderator"))
    queue = "/admin/petitions/voice/"
    assert "Good words" in client.get(queue).content.decode()
    client.post(queue, {"action": "approve", "_selected_action": [one.pk], **marks(client.get(queue))})
    client.post(queue, {"action": "refuse", "_selected_action": [two.pk]})
    assert "Good words" in page(client)
    assert "Bad words" not in page(client)
    assert list(Entry.objects.order_by("pk").values_list("act", "who")) == [
        ("voices.approved", "moderator"), ("voices.refused", "moderator"),
    ]  # fmt: skip
    assert "words" not in repr(list(Entry.objects.values_list("details", flat=True)))
    client.post(f"{queue}?which=approved", {"action": "refuse", "_selected_action": [one.pk]})
    assert "Good words" not in page(client)


def test_words_that_changed_since_they_were_read_are_not_shown(client, petition):
    one = make_confirmed(petition, said=PublicComment("Good words", "Ana", is_public=True))
    client.force_login(make_staff("moderator"))
    queue = "/admin/petitions/voice/"
    read = marks(client.get(queue))
    client.post(mine("stop", "speak"), {"public_name": "Ana", "reason": "Bad words"})
    press = {"action": "approve", "_selected_action": [one.pk]}
    answered = client.post(queue, {**press, **read}, follow=True).content.decode()
    assert "1 reason is not shown" in answered
    assert Voice.objects.get().state == "waiting"
    client.post(queue, press)
    assert Voice.objects.get().state == "waiting"
    client.post(queue, {**press, **marks(client.get(queue))})
    assert "Bad words" in page(client)


def test_a_refusal_can_be_undone_for_seven_days_and_then_the_words_are_forgotten(client, petition):
    signature = make_confirmed(petition, said=ALOUD)
    approve_all()
    client.force_login(make_staff("moderator"))
    refused, chosen = "/admin/petitions/voice/?which=refused", {"_selected_action": [signature.pk]}
    client.post("/admin/petitions/voice/?which=approved", {"action": "refuse", **chosen})
    assert "Because." not in page(client)
    assert "Because." in client.get(refused).content.decode()
    client.post(refused, {"action": "read_again", **chosen})
    assert (Voice.objects.get().state, approve_all()) == ("waiting", 1)
    assert "Because." in page(client)

    client.post("/admin/petitions/voice/?which=approved", {"action": "refuse", **chosen})
    assert retention.forget_refused() == 0
    Voice.objects.update(refused_on=F("refused_on") - timedelta(days=8))
    assert retention.forget_refused() == 1
    client.post(refused, {"action": "read_again", **chosen})
    assert (Voice.objects.get().state, Voice.objects.get().words) == ("refused", None)


def test_without_the_permission_nobody_reads_them(client, petition):
    client.force_login(make_staff("other", is_superuser=False))
    assert client.get("/admin/petitions/voice/").status_code == 403


def test_a_reason_is_handed_over_with_the_name(petition, pair, tmp_path, capsys):
    make_confirmed(petition, said=PublicComment("=Because"))
    key = tmp_path / "key"
    key.write_text(pair.private)
    call_command("unseal", "stop", key=[key])
    assert "'=Because" in capsys.readouterr().out


def own_page(client) -> str:
    return html.unescape(client.get(f"/petitions/mine/{self_service.link_token(FORM['email'])}/").content.decode())


def test_the_signer_is_told_how_it_stands_with_the_reason(client, petition):
    post(client, **SAID)
    assert "(not yet: a moderator will read it once you have confirmed)" in own_page(client)
    confirming.confirm(token_of(Signature.objects.get()))
    assert "(not yet: a moderator reads it first)" in own_page(client)
    assert "once you have confirmed" not in own_page(client)
    approve_all()
    assert "not yet" not in own_page(client)
    decisions.invalidate([Signature.objects.get().pk], by="staff")
    assert SAID["reason"] not in own_page(client)


def test_the_page_that_thanks_says_that_a_moderator_reads_the_reason_first(client, petition):
    note = "If you asked for your reason to be shown, a moderator reads it first."
    assert note in client.get("/petitions/stop/thanks/").content.decode()
    Petition.objects.update(asks_why=False)
    assert note not in client.get("/petitions/stop/thanks/").content.decode()
