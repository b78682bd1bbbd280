"""Petitions and letter campaigns have versions, and bringing one back leaves alone what it must."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.appeals import stopping
from campaign.revisions import diff, history
from campaign.revisions.models import Version
from letters.models import LetterCampaign
from petitions.models import Petition, PetitionKey
from tests.letters.factories import make_campaign, make_office
from tests.pages.test_roles import member
from tests.petitions.desk import form_of, page_of, save
from tests.petitions.factories import make_confirmed, make_petition, make_text
from tests.petitions.paper import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition() -> Petition:
    return make_petition()


@pytest.fixture
def desk(client):
    client.force_login(make_staff())
    return client


def change(content) -> str:
    return reverse(f"admin:{content._meta.label_lower.replace('.', '_')}_change", args=[content.pk])


def bring_back(desk, content, number: int) -> str:
    path = change(content).replace("/change/", f"/versions/{number}/publish/")
    answer = desk.post(path, follow=True)
    assert answer.status_code == 200
    content.refresh_from_db()
    return answer.content.decode()


def changed(content, name: str, value: object, number: int = 1):
    """Change one field, with a version before and one after."""
    history.record(content, by=None)
    setattr(content, name, value)
    content.save()
    version = history.record(content, by=None)
    assert version is not None
    assert version.number == number + 1
    return content


def test_each_save_of_a_petition_has_a_version_and_its_first_state_one_too(desk, petition):
    assert save(desk, petition, goal="500").status_code == 302
    assert save(desk, petition, goal="600").status_code == 302
    kept = Version.objects.of(petition)
    assert [(version.data["goal"], str(version.made_by or "")) for version in kept] == [
        (600, "staff"), (500, "staff"), (None, ""),
    ]  # fmt: skip
    assert kept[0].data["visibility"] == "published"


def test_a_version_that_changes_the_visibility_says_so(desk):
    draft = make_petition(visibility="draft")
    save(desk, draft, visibility="published")
    assert [version.data["visibility"] for version in Version.objects.of(draft)] == ["published", "draft"]


def test_bringing_a_petition_back_brings_its_fields(desk, petition):
    changed(petition, "next_step_label", "Wrong")
    assert "Visitors see version 1 now." in bring_back(desk, petition, 1)
    assert petition.next_step_label == ""
    assert Version.objects.of(petition)[0].note == "as in version 1"


def test_bringing_back_leaves_pause_visibility_key_address_counts_and_reached_milestones_alone(desk):
    petition = make_petition("first", visibility="draft")
    petition.milestones.create(count=1, reached_at=timezone.now())
    history.record(petition, by=None)
    key = PetitionKey.objects.create(petition=petition, public_key="other")
    Petition.objects.filter(pk=petition.pk).update(
        slug="second", visibility="published", is_paused=True, active_key=key, goal=7
    )
    petition.refresh_from_db()
    history.record(petition, by=None)
    bring_back(desk, petition, 1)
    told = (petition.slug, petition.visibility, petition.is_paused, petition.active_key, petition.goal)
    assert told == ("second", "published", True, key, None)
    assert petition.milestones.get().reached_at is not None


@pytest.mark.parametrize("make", [make_petition, make_campaign])
def test_what_somebody_ended_is_not_opened_again_by_an_old_version(desk, make):
    appeal = make()
    history.record(appeal, by=None)
    desk.post(change(appeal).replace("/change/", "/acts/end/"))
    assert Version.objects.of(appeal)[0].data["closes_at"] is not None
    bring_back(desk, appeal, 1)
    assert appeal.status == "closed"


def test_a_public_text_stays_as_it_is_and_a_draft_comes_back(desk, petition):
    draft = make_text(petition, "de", is_draft=True, title="Erster Entwurf")
    history.record(petition, by=None)
    draft.title = "Zweiter Entwurf"
    draft.save()
    later = make_text(petition, "fr", is_draft=True)
    history.record(petition, by=None)
    signature = make_confirmed(petition)
    Version.objects.of(petition).filter(number=1).update(
        data=with_text(petition, signature.text_id, title="Something else")
    )
    bring_back(desk, petition, 1)
    titles = dict(petition.texts.values_list("language", "title"))
    assert titles == {"en": "Stop it", "de": "Erster Entwurf", "fr": later.title}


def with_text(petition: Petition, pk: int | None, **words: str) -> dict:
    data = Version.objects.of(petition).get(number=1).data
    for text in data["parts"]["texts"]:
        if text["id"] == pk:
            text.update(words)
    return data


def test_a_draft_that_became_public_meanwhile_is_not_a_draft_again(desk, petition):
    text = make_text(petition, "en", 2, is_draft=True, title="Next")
    history.record(petition, by=None)
    text.is_draft = False
    text.title = "Now"
    text.save()
    history.record(petition, by=None)
    bring_back(desk, petition, 1)
    text.refresh_from_db()
    assert (text.title, text.is_draft) == ("Now", False)


def test_an_old_version_of_a_petition_opens_in_its_form_with_the_fixed_texts_as_they_are(desk, petition):
    draft = make_text(petition, "de", is_draft=True, title="Erster Entwurf")
    history.record(petition, by=None)
    draft.title = "Zweiter Entwurf"
    draft.save()
    history.record(petition, by=None)
    first = Version.objects.of(petition).get(number=1)
    html = desk.get(f"{change(petition)}?version={first.pk}").content.decode()
    assert "This is version 1" in html
    assert ("Erster Entwurf" in html, "Zweiter Entwurf" in html, "Stop it" in html) == (True, False, True)
    path = f"{page_of(petition)}?version={first.pk}"
    assert desk.post(path, form_of(desk, path)).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Erster Entwurf"


def test_a_petition_has_no_drafts_of_itself(desk, petition):
    html = desk.get(change(petition)).content.decode()
    assert "Save as draft" not in html
    save(desk, petition, goal="5", _draft="1")
    assert Petition.objects.get().goal == 5
    assert not Version.objects.filter(is_draft=True).exists()


def test_beginning_a_text_is_a_version_of_its_author(desk, petition):
    desk.post(page_of(petition, "texts/de/new/"))
    newest, first = Version.objects.of(petition)
    assert [len(version.data["parts"]["texts"]) for version in (first, newest)] == [1, 2]
    assert str(newest.made_by) == "staff"


def test_who_may_look_sees_the_history_and_brings_nothing_back(client, petition):
    changed(petition, "goal", 5)
    client.force_login(member("Moderator"))
    path = change(petition).replace("/change/", "/")
    answer = client.get(f"{path}history/")
    assert (answer.status_code, b"Bring back" in answer.content) == (200, False)
    assert client.get(f"{path}versions/2/differences/").status_code == 200
    assert client.post(f"{path}versions/1/publish/").status_code == 403
    petition.refresh_from_db()
    assert petition.goal == 5


def test_one_brings_back_while_another_has_paused_and_the_pause_stays(desk, petition):
    changed(petition, "goal", 5)
    stopping.perform(petition, "pause", by="a colleague")
    bring_back(desk, petition, 1)
    assert (petition.is_paused, petition.goal) == (True, None)


def test_a_letter_campaign_comes_back_with_its_texts_and_positions(desk):
    campaign, office = make_campaign(closes_at=timezone.now() + timedelta(days=9)), make_office()
    german = campaign.texts.create(language="de", title="Unterstützt es", ask="Bitte.", summary="Es zählt.")
    campaign.positions.create(office=office, stance="supports", source="A speech")
    history.record(campaign, by=None)
    german.delete()
    campaign.positions.update(stance="opposes")
    LetterCampaign.objects.update(title="Another", visibility="removed")
    campaign.refresh_from_db()
    history.record(campaign, by=None)
    bring_back(desk, campaign, 1)
    assert (campaign.title, campaign.visibility) == ("Support it", "removed")
    assert campaign.texts.get().title == "Unterstützt es"
    assert campaign.positions.get().stance == "supports"


def test_rows_that_exchanged_their_places_are_refused_in_words(desk):
    campaign = make_campaign(visibility="draft")
    first, second, third = (make_office(name, seat=seat) for name, seat in (("A1", 1), ("B1", 2), ("C1", 3)))
    rows = [campaign.positions.create(office=office) for office in (first, second)]
    history.record(campaign, by=None)
    for row, office in ((rows[0], third), (rows[1], first), (rows[0], second)):
        row.office = office
        row.save()
    history.record(campaign, by=None)
    html = bring_back(desk, campaign, 1)
    assert "This version cannot be brought back" in html
    assert set(campaign.positions.values_list("office", flat=True)) == {first.pk, second.pk}


def test_differences_of_a_campaign_are_words(desk):
    campaign, office = make_campaign(), make_office()
    history.record(campaign, by=None)
    LetterCampaign.objects.update(
        topics=["Law", "Health"],
        is_paused=True,
        closes_at=timezone.now() + timedelta(days=3),
        introduced_on="2019-03-05",
    )
    campaign.positions.create(office=office, stance="supports")
    campaign.refresh_from_db()
    new = history.record(campaign, by=None)
    assert new is not None
    old = Version.objects.of(campaign).get(number=1)
    found = {change.where: str(change.shown) for change in diff.changes(LetterCampaign, old.data, new.data)}
    assert (
        "<ins>Law; Health</ins>" in found["topics"].replace("</del><ins>", "</del> <ins>")
        or "Health" in found["topics"]
    )
    assert found["paused"] == "<del>no</del><ins>yes</ins>"
    assert "5" in found["introduced on"]
    assert "2019-03-05" not in found["introduced on"]
    assert found["position: stance"] == "<ins>supports it: is thanked</ins>"
    assert found["position: office"] == f"<ins>{office}</ins>"
    assert not any(sign in text for text in found.values() for sign in ("[&#x27;", "{&#x27;", "True", "None"))
    answer = desk.get(change(campaign).replace("/change/", "/versions/2/differences/"))
    assert "supports it: is thanked" in answer.content.decode()
