"""The fraud desk in the admin: queue, look-up, decisions by filter, trends, the switches."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection

from campaign.admin.paginator import BoundedPaginator
from campaign.audit.models import Entry
from campaign.protection.models import SitePause
from petitions.admin.signatures import proposal
from petitions.counting import events, trends
from petitions.models import Decision, JobState, Petition, Signature, State
from petitions.moderation import bulk, decisions
from petitions.signing import confirming
from tests.petitions.factories import make_confirmed, make_held, make_petition, make_signature, token_of

pytestmark = pytest.mark.django_db
QUEUE = "/admin/petitions/heldsignature/"
LIST = "/admin/petitions/signature/"
JOBS = "/admin/petitions/decision/"


@pytest.fixture
def petition() -> Petition:
    return make_petition()


@pytest.fixture
def moderator(client):
    user = User.objects.create_user("moderator", password="x", is_staff=True)
    names = [
        "moderate_signature", "view_signature", "find_signature", "view_petition", "view_decision",
        "add_decision", "change_decision", "view_sitepause", "change_sitepause",
    ]  # fmt: skip
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return user


def without(user: User, codename: str) -> None:
    user.user_permissions.remove(Permission.objects.get(codename=codename))


def act(client, path: str, action: str, *signatures: Signature):
    chosen = [signature.pk for signature in signatures]
    return client.post(path, {"action": action, "_selected_action": chosen}, follow=True)


def test_the_queue_shows_what_is_held_and_why_and_nothing_else(client, moderator, petition):
    held, counted = make_held(petition), make_confirmed(petition)
    html = client.get(QUEUE).content.decode()
    assert "many from one network" in html
    assert f'value="{held.pk}"' in html
    assert f'value="{counted.pk}"' not in html


@pytest.mark.parametrize("path", [QUEUE, LIST])
def test_lists_and_pages_of_signatures_name_country_language_and_petition(client, moderator, petition, path):
    held = make_held(petition)
    for page in (path, f"{path}{held.pk}/change/"):
        html = client.get(page).content.decode()
        assert all(name in html for name in ("Germany", "English", "Stop it"))


def test_a_moderator_releases_and_invalidates_from_the_queue(client, moderator, petition):
    first, second = make_held(petition, "a@example.org"), make_held(petition, "b@example.org")
    act(client, QUEUE, "release", first)
    act(client, QUEUE, "invalidate", second)
    events.aggregate()
    assert [Signature.objects.get(pk=one.pk).state for one in (first, second)] == [State.CONFIRMED, State.INVALIDATED]
    assert Petition.objects.for_display().get().count == 1
    assert set(Entry.objects.values_list("who", flat=True)) == {"moderator"}


def offered(client, path: str) -> list[str]:
    """Return the acts for which the page of one signature has a button."""
    return re.findall(r'name="CHANGE_FORM-action"\s+value="(\w+)"', client.get(path).content.decode())


def press(client, path: str, action: str, signature: Signature):
    return client.post(path, {"CHANGE_FORM-action": action, "_selected_action": signature.pk}, follow=True)


def undo(client, answer: Any):
    """Press the button in the message."""
    decided = re.search(r'name="decided"\s+value="([^"]+)"', answer.content.decode())
    return client.post(f"{QUEUE}undo/", {"decided": decided[1] if decided else ""}, follow=True)


@pytest.mark.parametrize(("action", "after"), [("release", State.CONFIRMED), ("invalidate", State.INVALIDATED)])
def test_one_held_signature_is_decided_on_its_own_page_and_that_is_undone_from_the_message(
    client, moderator, petition, action, after
):
    held = make_held(petition)
    path = f"{QUEUE}{held.pk}/change/"
    assert offered(client, path) == ["release", "invalidate"]
    answer = press(client, path, action, held)
    assert answer.redirect_chain[-1][0] == QUEUE
    assert Signature.objects.get().state == after
    undo(client, answer)
    assert Signature.objects.get().state == State.HELD
    events.aggregate()
    assert Petition.objects.for_display().get().count == 0


def test_whoever_decides_after_a_colleague_is_told_and_sees_how_it_stands(client, moderator, petition):
    held = make_held(petition)
    decisions.release([held.pk], by="colleague")
    answer = press(client, f"{QUEUE}{held.pk}/change/", "release", held)
    assert "no longer possible" in answer.content.decode()
    assert offered(client, f"{QUEUE}{held.pk}/change/") == ["invalidate"]


def test_the_button_in_a_message_takes_back_nothing_but_what_the_message_told(client, moderator, petition):
    held, other = make_held(petition), make_held(petition, "o@example.org")
    answer = press(client, f"{QUEUE}{held.pk}/change/", "invalidate", held)
    decisions.invalidate([other.pk], by="colleague")
    undo(client, answer)
    assert "Nothing was left" in undo(client, answer).content.decode()
    assert Signature.objects.get(pk=other.pk).state == State.INVALIDATED
    client.post(f"{QUEUE}undo/", {"decided": "forged"})
    assert Signature.objects.get(pk=other.pk).state == State.INVALIDATED


def test_an_invalidation_is_undone_to_what_each_signature_was(client, moderator, petition):
    pending, counted = make_signature(petition, "p@example.org"), make_confirmed(petition, "c@example.org")
    undo(client, act(client, LIST, "invalidate", pending, counted))
    assert [Signature.objects.get(pk=one.pk).state for one in (pending, counted)] == [State.PENDING, State.CONFIRMED]


def test_the_queue_is_narrowed_to_a_country_and_goes_on_to_a_decision_on_just_that(client, moderator, petition):
    for number in range(3):
        make_held(petition, f"p{number}@example.org", country="JP")
    make_held(petition, country="DE")
    assert "Japan (3)" in client.get(QUEUE).content.decode()
    chosen = f"{QUEUE}?country=JP&signed_on__gte=2026-01-01&signed_on__lt=2036-01-02"
    page = client.get(chosen)
    assert page.context["cl"].result_count == 3
    form = client.get(f"{JOBS}add/?{page.context['proposal']}").context["adminform"].form
    values = {name: str(form[name].value()) for name in ("country", "touched", "signed_from", "signed_until")}
    assert values == {"country": "JP", "touched": "held", "signed_from": "2026-01-01", "signed_until": "2036-01-01"}


def test_what_a_filter_cannot_say_is_not_proposed(client, moderator):
    assert client.get(QUEUE).context["proposal"] == ""
    assert proposal({"country": "JP", "language": "en"}) == ""


@pytest.mark.parametrize(
    ("query", "status"),
    [("signed_on__lt=2026-13-45", 302), ("signed_on__lt=0001-01-01", 200), ("hold_reason__exact=%00", 400)],
)
def test_a_filter_that_nobody_could_have_clicked_is_no_fault_of_the_server(client, moderator, query, status):
    assert client.get(f"{QUEUE}?{query}").status_code == status


def test_without_the_permission_there_is_no_queue_and_no_decision(client, moderator, petition):
    without(moderator, "moderate_signature")
    held = make_held(petition)
    assert client.get(QUEUE).status_code == 403
    act(client, LIST, "invalidate", held)
    assert Signature.objects.get().state == State.HELD


@pytest.mark.parametrize(
    "path",
    [
        QUEUE,
        f"{QUEUE}?hold_reason__exact=network",
        f"{QUEUE}?country=DE",
        LIST,
        f"{LIST}?state=withdrawn",
        f"{LIST}?q=7",
    ],
)
def test_lists_take_few_queries_and_count_no_more_than_one_would_page_through(
    client, moderator, petition, path, django_assert_max_num_queries
):
    for number in range(5):
        make_held(petition, f"p{number}@example.org")
    with django_assert_max_num_queries(14), connection.execute_wrapper(refuse_unbounded_count):
        assert client.get(path).status_code == 200


def refuse_unbounded_count(execute, sql, params, many, context):
    assert "petitions_signature" not in sql or "COUNT(*)" not in sql or "LIMIT" in sql
    return execute(sql, params, many, context)


# Of the one that is there, under other addresses.
COPIES = """
    INSERT INTO petitions_signature
    SELECT (jsonb_populate_record(s, jsonb_build_object(
        'id', s.id + n, 'fingerprint', uuid_send(gen_random_uuid()), 'token_digest', NULL
    ))).* FROM petitions_signature s, generate_series(1, 2000) AS n
"""


def test_the_queue_is_read_from_its_own_index(petition):
    make_confirmed(petition, "ana@example.org")
    with connection.cursor() as cursor:
        cursor.execute(COPIES)
        cursor.execute("ANALYZE petitions_signature")
    plan = Signature.objects.held().order_by("-id")[:100].explain()
    assert "signature_set_aside" in plan


def test_an_address_is_looked_up_by_post_in_every_petition_and_noted_without_it(client, moderator, petition):
    make_confirmed(petition, "ana@example.org")
    make_signature(make_petition("other"), "ana@example.org")
    make_confirmed(petition, "bob@example.org")
    html = client.post(f"{LIST}find/", {"address": "Ana+x@EXAMPLE.org", "reason": "asked"}).content.decode()
    assert html.count(f"{LIST}?q=") == 2
    entry = Entry.objects.get()
    assert (entry.act, entry.details) == ("signature.looked-up", {"found": 2, "reason": "asked"})
    assert "example.org" not in str(vars(entry)).lower()


def test_looking_up_needs_its_own_permission(client, moderator, petition):
    without(moderator, "find_signature")
    assert client.post(f"{LIST}find/", {"address": "ana@example.org", "reason": "asked"}).status_code == 403
    assert not Entry.objects.exists()


def asked(petition: Petition, act: str = "invalidate") -> dict[str, object]:
    return {"act": act, "petition": petition.pk, "country": "DE", "why": "a test"}


def test_what_the_queue_is_narrowed_to_is_released_by_buttons(client, moderator, petition, outbox_drained):
    for number in range(3):
        make_held(petition, f"p{number}@example.org")
    page = client.get(f"{QUEUE}?country=DE")
    form = client.get(f"{JOBS}add/?{page.context['proposal']}&act=release").context["adminform"].form
    assert {name: form[name].value() for name in ("act", "country")} == {"act": "release", "country": "DE"}
    client.post(f"{JOBS}add/", asked(petition, "release"))
    outbox_drained()
    job = Decision.objects.get()
    assert "Release these 3 signatures" in client.get(f"{JOBS}{job.pk}/change/").content.decode()
    client.post(f"{JOBS}{job.pk}/start/now/")
    outbox_drained()
    assert "3 released" in client.get(f"{JOBS}{job.pk}/change/").content.decode()
    assert set(Signature.objects.values_list("state", flat=True)) == {State.CONFIRMED}


def test_an_invalidation_is_counted_then_started_then_undone_by_buttons(client, moderator, petition, outbox_drained):
    make_confirmed(petition)
    answer = client.post(f"{JOBS}add/", asked(petition), follow=True)
    job = Decision.objects.get()
    assert "being counted" in answer.content.decode()
    outbox_drained()
    page = f"{JOBS}{job.pk}/change/"
    assert "Invalidate this 1 signature" in client.get(page).content.decode()
    for step, state in [("start", JobState.DONE), ("undo", JobState.UNDONE)]:
        client.post(f"{JOBS}{job.pk}/{step}/now/")
        outbox_drained()
        job.refresh_from_db()
        assert job.state == state
        assert client.get(page).status_code == 200
    assert job.made_by == "moderator"


def test_what_found_nothing_cannot_be_begun(client, moderator, petition, outbox_drained):
    client.post(f"{JOBS}add/", asked(petition, "release"))
    outbox_drained()
    html = client.get(f"{JOBS}{Decision.objects.get().pk}/change/").content.decode()
    assert "0 signatures found" in html
    assert "Release these" not in html


def test_a_list_that_is_not_counted_to_its_end_says_so(client, moderator, petition, monkeypatch):
    for number in range(3):
        make_confirmed(petition, f"p{number}@example.org")
    assert "3 signatures" in " ".join(client.get(LIST).content.decode().split())
    monkeypatch.setattr(BoundedPaginator, "most", 2)
    assert "2 signatures or more" in " ".join(client.get(LIST).content.decode().split())


def test_proposing_is_not_enough_to_start(client, moderator, petition, outbox_drained):
    without(moderator, "change_decision")
    client.post(f"{JOBS}add/", asked(petition))
    outbox_drained()
    job = Decision.objects.get()
    assert client.post(f"{JOBS}{job.pk}/start/now/").status_code == 403
    assert client.get(f"{JOBS}{job.pk}/start/now/").status_code == 405


def test_the_trends_page_shows_hours_countries_and_domains(client, moderator, petition, outbox_drained):
    for number in range(12):
        make_signature(petition, f"p{number}@burst.example", country="VN")
    make_signature(petition, "me@my-own-name.example", country="DE")
    make_signature(petition, "me@gmail.com", country="DE")
    outbox_drained()
    html = client.get(f"/admin/petitions/petition/{petition.pk}/trends/").content.decode()
    assert "burst.example" in html
    assert "gmail.com" in html
    assert "my-own-name" not in html


def test_domains_of_few_people_stand_in_one_line_of_the_trends(client, moderator, petition, outbox_drained):
    for number in range(3):
        make_signature(petition, f"me@my-own-{number}.example")
    for number in range(trends.NAMED_FROM):  # never enough of them in one country to be named
        make_signature(petition, f"p{number}@family.example", country=["DE", "VN"][number % 2])
    outbox_drained()
    assert trends.by_domain(petition) == [trends.Domain("", signed=trends.NAMED_FROM, held=0, countries=2)]
    assert trends.of_few(petition) == trends.Few(number=3, signed=3, held=0)
    html = client.get(f"/admin/petitions/petition/{petition.pk}/trends/").content.decode()
    assert "3 others, each with fewer than 10" in html


def test_what_was_cancelled_says_how_many_are_left_and_can_be_undone_only_if_something_was_done(
    client, moderator, petition, outbox_drained, monkeypatch
):
    monkeypatch.setattr(bulk, "SLICE", 2)
    for number in range(3):
        make_confirmed(petition, f"p{number}@example.org")
    job = bulk.propose(Decision(petition=petition, country="DE", why="a test"), by="ada")
    outbox_drained()
    bulk.cancel(job, by="ada")
    assert not re.search(r"\bUndo\b", client.get(f"{JOBS}{job.pk}/change/").content.decode())
    bulk.start(job, by="ada")
    bulk.do_step(job.pk)
    bulk.cancel(job, by="ada")
    html = client.get(f"{JOBS}{job.pk}/change/").content.decode()
    assert "Go on with the 1 signature that is left" in html
    assert "Undo" in html


def set_pause(is_on: bool) -> None:
    SitePause.objects.update_or_create(pk=1, defaults={"is_on": is_on})


def test_the_switch_of_the_site_stops_every_petition_and_lets_it_go_on(client, moderator):
    for slug in ("one", "two"):
        make_petition(slug)
    form = {"name": "Ana", "email": "ana@example.org", "country": "DE"}
    set_pause(False)
    client.post("/admin/protection/sitepause/1/change/", {"is_on": "on"})
    assert [client.post(f"/petitions/{slug}/", form).status_code for slug in ("one", "two")] == [409, 409]
    assert not Signature.objects.exists()
    client.post("/admin/protection/sitepause/1/change/", {})
    assert client.post("/petitions/one/", form).status_code == 302
    assert list(Entry.objects.order_by("pk").values_list("act", flat=True)) == ["site.paused", "site.resumed"]


def test_the_switch_costs_a_petition_page_no_query_more(petition, django_assert_num_queries):
    shown = Petition.objects.for_display().get()
    set_pause(True)
    with django_assert_num_queries(0):
        assert shown.status == "open"
    assert Petition.objects.get().status == "paused"


def test_while_the_site_is_paused_links_in_mails_still_confirm(petition):
    signature = make_signature(petition)
    set_pause(True)
    confirming.confirm(token_of(signature))
    assert Signature.objects.get().state == State.CONFIRMED
