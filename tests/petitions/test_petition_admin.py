"""Staff's work on petitions: texts in versions and languages, preview, schedule, keys, archive, the dashboard."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaign.audit.models import Entry
from campaign.secrecy.keypairs import new_keypair, with_check
from campaign.secrecy.sealing import unseal
from campaign.supporters import subscriptions
from petitions import urls
from petitions.admin import texts
from petitions.counting import events
from petitions.models import Petition, PetitionKey, PetitionText, Signature
from petitions.models.petition import RESERVED_SLUGS
from tests.petitions.desk import form_of, page_of, save
from tests.petitions.factories import make_confirmed, make_petition, make_signature, make_text

pytestmark = pytest.mark.django_db
WORDS = {"addressee": "To all", "title": "Another ask", "summary": "Please.", "body": "Words."}


@pytest.fixture
def petition() -> Petition:
    return make_petition()


def test_a_public_wording_cannot_be_rewritten_even_by_statement(petition):
    text = petition.texts.get()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        PetitionText.objects.filter(pk=text.pk).update(title="Another thing")
    text.title = "Another thing"
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        text.save()
    draft = make_petition("draft", visibility="draft")
    assert draft.texts.update(title="Another thing") == 1


def test_a_change_is_a_new_version_that_is_seen_once_it_is_published(client, campaigner, petition):
    old = make_signature(petition)
    client.post(page_of(petition, "texts/en/new/"))
    draft = petition.texts.get(is_draft=True)
    assert (draft.version, draft.title) == (2, "Stop it")
    PetitionText.objects.filter(pk=draft.pk).update(title="Stop it now")
    assert "Stop it now" not in client.get("/petitions/stop/").content.decode()
    assert "Stop it now" in client.get(page_of(petition, "texts/en/preview/")).content.decode()
    values = form_of(client, page_of(petition))
    field = next(name for name in values if name.endswith("is_draft"))
    del values[field]
    assert client.post(page_of(petition), values).status_code == 302
    assert "Stop it now" in client.get("/petitions/stop/").content.decode()
    new = make_signature(Petition.objects.get(), "new@example.org")
    assert Signature.objects.get(pk=old.pk).text_id != new.text_id == draft.pk


def test_beginning_a_version_twice_gives_the_same_draft(petition):
    first = texts.begin_version(petition, "de", by="ada")
    assert texts.begin_version(petition, "de", by="ada") == first
    assert Entry.objects.get().act == "text.begun"


def test_languages_stand_side_by_side_and_a_missing_one_can_be_begun(client, campaigner, petition):
    make_text(petition, "de")
    html = client.get(page_of(petition, "texts/")).content.decode()
    assert html.count("New version") == 2
    assert html.count("Begin the translation") == 10
    assert client.post(page_of(petition, "texts/xx/new/")).status_code == 404


def test_a_draft_petition_is_previewed_by_staff_and_by_nobody_else(client, campaigner):
    draft = make_petition("draft", visibility="draft")
    assert client.get("/petitions/draft/").status_code == 404
    page = client.get(page_of(draft, "texts/en/preview/"))
    html = page.content.decode()
    assert "Stop it" in html
    assert "Drafts are shown as if they were public" in html
    assert re.search(r"<fieldset disabled>\s*<form[^>]*id=\"sign\"", html)
    assert "no-store" in page.headers["Cache-Control"]
    client.logout()
    assert client.get(page_of(draft, "texts/en/preview/")).status_code == 302


def test_texts_are_written_and_the_petition_published_in_one_go(client, campaigner):
    draft = make_petition("draft", visibility="draft")
    draft.texts.update(is_draft=True)
    values = form_of(client, page_of(draft))
    prefix = next(name for name in values if name.endswith("-title")).removesuffix("title")
    del values[f"{prefix}is_draft"]
    answer = client.post(page_of(draft), {**values, "visibility": "published", f"{prefix}title": "Changed at last"})
    assert answer.status_code == 302
    assert "Changed at last" in client.get("/petitions/draft/").content.decode()


def test_without_a_public_english_text_nothing_is_published(client, campaigner):
    draft = make_petition("draft", visibility="draft")
    draft.texts.update(is_draft=True)
    answer = save(client, draft, visibility="published")
    assert "needs an English text" in answer.content.decode()
    assert Petition.objects.get().visibility == "draft"


def test_what_has_been_public_cannot_become_a_draft_again(client, campaigner, petition):
    assert "cannot become a draft" in save(client, petition, visibility="draft").content.decode()


def test_an_archived_petition_is_read_and_neither_listed_nor_signed(client, campaigner, petition):
    assert save(client, petition, visibility="archived").status_code == 302
    assert "Stop it" in client.get("/petitions/stop/").content.decode()
    assert "Stop it" not in client.get("/petitions/").content.decode()
    assert client.post("/petitions/stop/", {"name": "A", "email": "a@example.org", "country": "DE"}).status_code == 409
    assert Entry.objects.latest("pk").details["visibility"] == "archived"


def test_before_anybody_has_signed_the_key_is_chosen_on_the_petitions_page(client, campaigner):
    petition, pair = make_petition(), new_keypair()
    values = form_of(client, page_of(petition))
    client.post(page_of(petition), {**values, "keys-TOTAL_FORMS": 2, "keys-1-public_key": with_check(pair.public)})
    key = PetitionKey.objects.get(public_key=pair.public)
    assert save(client, petition, active_key=key.pk).status_code == 302
    signature = make_signature(Petition.objects.get())
    assert unseal(Signature.objects.get(pk=signature.pk).sealed, pair.private)["name"] == "Ana Test"
    assert Entry.objects.latest("pk").details["key"] == key.pk


def test_a_petition_is_begun_as_a_draft_with_its_first_text(client, campaigner):
    values = form_of(client, "/admin/petitions/petition/add/")
    words = {f"texts-0-{name}": word for name, word in WORDS.items()}
    answer = client.post("/admin/petitions/petition/add/", {**values, **words, "slug": "new", "asked_by": "Us"})
    assert answer.status_code == 302
    petition = Petition.objects.get(slug="new")
    assert (petition.visibility, petition.texts.get().title) == ("draft", "Another ask")
    assert petition.milestones.exists()


def test_the_key_of_another_petition_cannot_be_chosen(client, campaigner, petition):
    other = make_petition("other")
    assert "Select a valid choice" in save(client, petition, active_key=other.active_key_id).content.decode()


def test_the_list_shows_the_next_milestone_in_few_queries(client, campaigner, django_assert_max_num_queries):
    for slug in "abcde":
        make_petition(slug).milestones.create(count=1234)
    with django_assert_max_num_queries(11):
        assert "1234" in client.get("/admin/petitions/petition/").content.decode()


def test_the_dashboard_shows_what_tallies_and_the_newest_rows_say(
    client, campaigner, petition, django_assert_max_num_queries
):
    make_confirmed(petition)
    make_signature(petition, "p@example.org")
    events.aggregate()
    with django_assert_max_num_queries(14):
        html = client.get(page_of(petition, "live/")).content.decode()
    assert "50 % of a sample of 2" in html
    assert ">online<" in html
    assert "<strong>1</strong>" in html


def test_an_update_says_who_would_get_it_and_begins_an_issue_of_the_newsletter(client, campaigner, petition):
    for number, language in enumerate(["en", "de", "de"]):
        subscriptions.join(address=f"p{number}@example.org", language=language)
    subscriptions.upsert("pending@example.org", "fr")
    html = client.get(page_of(petition, "update/")).content.decode()
    assert "3 recipients" in html
    assert ">Deutsch<" in html
    assert "cannot go to the signers of one petition" in html
    assert "pages/issue/add" not in html
    campaigner.user_permissions.add(*Permission.objects.filter(content_type__model="issue"))
    page = client.get(page_of(petition, "update/"))
    form = client.get(page.context["write_url"]).context["adminform"].form
    assert form["subject"].value() == "News of the petition: Stop it"
    assert "http://testserver/petitions/stop/" in form["body"].value()


def test_no_petition_takes_the_address_of_another_page(client, campaigner):
    petition = make_petition(visibility="draft")
    fixed = {str(pattern.pattern).lstrip("^").partition("/")[0] for pattern in urls.urlpatterns}
    assert {word for word in fixed if word and not word.startswith("<")} == set(RESERVED_SLUGS)
    for word in RESERVED_SLUGS:
        assert "Choose another address" in save(client, petition, slug=word).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Petition.objects.update(slug=RESERVED_SLUGS[0])


def test_the_address_of_what_has_been_public_stays(client, campaigner, petition):
    assert save(client, petition, slug="other").status_code == 302
    assert client.get("/petitions/stop/").status_code == 200
    draft = make_petition("draft", visibility="draft")
    assert save(client, draft, slug="other", visibility="published", goal="x").status_code == 200
    assert save(client, draft, slug="other", visibility="published").status_code == 302
    assert client.get("/petitions/other/").status_code == 200


@pytest.mark.parametrize("visibility", ["archived", "removed"])
def test_what_is_put_away_has_ended(client, campaigner, petition, visibility):
    now = timezone.now()
    Petition.objects.update(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=400))
    assert save(client, petition, visibility=visibility).status_code == 302
    closed_at = Petition.objects.get().closes_at
    assert closed_at is not None
    assert closed_at <= timezone.now()
    save(client, petition, goal=7)
    assert Petition.objects.get().closes_at == closed_at.replace(microsecond=0)


def test_what_is_removed_before_it_opens_has_ended_as_well(client, campaigner):
    petition = make_petition(opens_at=timezone.now() + timedelta(days=3))
    assert save(client, petition, visibility="removed").status_code == 302
    assert Petition.objects.get().closes_at is not None


@pytest.mark.parametrize("rest", ["texts/", "update/", "live/", "texts/de/preview/"])
@pytest.mark.parametrize("is_written", [True, False], ids=["a draft", "no text"])
def test_every_page_opens_before_a_text_is_ready(client, campaigner, is_written, rest):
    petition = make_petition(visibility="draft")
    petition.texts.update(is_draft=True)
    if not is_written:
        petition.texts.all().delete()
    assert client.get(page_of(petition, rest)).status_code == 200


def test_a_translation_begins_from_what_there_is(petition):
    draft = make_petition("draft", visibility="draft")
    draft.texts.update(is_draft=True, language="fr")
    assert texts.begin_version(draft, "de", by="ada").title == "Stop it"
    draft.texts.all().delete()
    assert texts.begin_version(draft, "de", by="ada").title == ""


def test_nobody_is_shown_a_draft_where_no_public_text_is_left(client):
    petition = make_petition(visibility="draft")
    petition.texts.update(is_draft=True)
    Petition.objects.update(visibility="published")
    page = client.get("/petitions/stop/")
    assert page.status_code == 200
    assert "Stop it" not in page.content.decode()


def test_a_language_that_the_site_does_not_have_is_refused(client, campaigner):
    petition = make_petition(visibility="draft")
    values = form_of(client, page_of(petition))
    name = next(name for name in values if name.endswith("-language"))
    assert "Select a valid choice" in save(client, petition, **{name: "German"}).content.decode()
    petition.texts.update(language="German")
    assert client.get(page_of(petition, "texts/")).status_code == 200


def test_the_page_of_a_petition_that_is_paused_says_so_at_its_top(client, campaigner, petition):
    assert "as it is paused" not in client.get(page_of(petition, "change/")).content.decode()
    Petition.objects.update(is_paused=True)
    assert "Nobody can sign, as it is paused: Stop it" in client.get(page_of(petition, "change/")).content.decode()
