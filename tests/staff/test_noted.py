"""Whatever staff change in the admin is noted in the audit: every model that is registered, of whichever app."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from campaign.audit.models import Entry
from campaign.outbox import queue
from campaign.outbox.models import Cause, Suppression
from campaign.protection.models import DomainRule, SitePause
from campaign.staff.editing.audited_admin import Noted, change_summary
from campaign.staff.invitations import workflow as invitations
from campaign.staff.login import one_time_codes, second_factor
from campaign.staff.models import Invitation
from campaign.supporters.models import Segment
from letters.constituency.congress.chambers import chamber
from letters.models import ChannelStatus, Office, PrintRun
from letters.models.recipients.recipient_lists import US_SENATE
from pages.models import Issue, Picture, Redirect, SiteSettings, WeeklyDigest
from pages.uploads import pictures
from petitions.models import Decision
from petitions.moderation import bulk
from tests.letters.factories import make_office, make_ready
from tests.pages.factories import (
    make_action,
    make_audience,
    make_document,
    make_entry,
    make_film,
    make_letter_campaign,
    make_news_item,
    make_page,
    make_picture,
    make_staff,
)
from tests.petitions.factories import make_petition
from tests.petitions.paper import make_batch
from tests.supporters.desk import make_import

WORDS = ("title", "name", "subject", "note", "asked_by", "username", "path")


def make_suppression() -> Suppression:
    return Suppression.objects.create(fingerprint=b"x" * 16, cause=Cause.BOUNCE)


def make_authenticator() -> Any:
    return second_factor.set_up_factor(
        User.objects.create_user("other"), secret=one_time_codes.new_secret(), step=0, is_change=False
    )


def make_picture_with_files() -> Picture:
    image = Image.new("RGB", (600, 400))
    made = pictures.renditions_of(image)
    made.keep((50, 50))
    return make_picture(digest=made.digest)


def make_decision() -> Decision:
    return bulk.propose(Decision(petition=make_petition(), act="invalidate", country="DE", why="x"), by="mo")


def make_invitation() -> Invitation:
    chief = User.objects.create_superuser("chief")
    return invitations.invite(name="Ana", address="ana@example.org", role=Group.objects.get(name="Editor"), by=chief)


def make_print_run() -> PrintRun:
    return PrintRun.objects.create(office=Office.objects.first() or make_office(), letter_count=1, printed_by="ada")


def make_digest() -> WeeklyDigest:
    WeeklyDigest().save()
    return WeeklyDigest.objects.get()


MAKERS: dict[str, Callable[[], models.Model]] = {
    "auth.Group": lambda: Group.objects.create(name="Translators"),
    "auth.User": lambda: User.objects.create_user("ada"),
    "letters.LetterCampaign": lambda: make_letter_campaign(closes_at=timezone.now() + timedelta(days=30)),
    "letters.Office": make_office,
    "letters.RecipientList": lambda: chamber(US_SENATE),
    "outbox.Suppression": make_suppression,
    "pages.Action": lambda: make_action(make_audience()),
    "pages.Audience": make_audience,
    "pages.Document": make_document,
    "pages.Film": make_film,
    "pages.Issue": lambda: Issue.objects.create(subject="News", body="<p>News.</p>"),
    "pages.NewsItem": make_news_item,
    "pages.Page": make_page,
    "pages.Picture": make_picture_with_files,
    "pages.Redirect": lambda: Redirect.objects.create(path="old", page=make_page()),
    "pages.SiteSettings": lambda: SiteSettings.objects.create(name="A coalition"),
    "pages.TimelineEntry": make_entry,
    "pages.WeeklyDigest": make_digest,
    "petitions.Petition": make_petition,
    "protection.DomainRule": lambda: DomainRule.objects.create(pattern="spam.example", verdict="blocked"),
    "protection.SitePause": lambda: SitePause.objects.get_or_create(pk=1)[0],
    "staff.Authenticator": make_authenticator,
    "supporters.Segment": lambda: Segment.objects.create(name="Germans", language="de"),
}
DELETED_ONLY = {"outbox.Suppression", "staff.Authenticator"}
# Forms in which nothing can be typed over; what their buttons do is noted where it is done.
SHOWN_ONLY: dict[str, Callable[[], models.Model]] = {
    "letters.ChannelStatus": lambda: ChannelStatus.objects.of("sandbox"),
    "letters.Delivery": make_ready,
    "letters.PrintRun": make_print_run,
    "outbox.Item": lambda: queue.put("petitions.confirmation", payload={"signature": 1}),
    "petitions.Decision": make_decision,
    "staff.Invitation": make_invitation,
    "petitions.PaperBatch": lambda: make_batch(make_petition(), b"x"),
    "supporters.SubscriberImport": make_import,
}
admin.autodiscover()
REGISTERED = {model._meta.label: model_admin for model, model_admin in admin.site._registry.items()}


@pytest.fixture
def desk(client: Client, db: None) -> Client:
    client.force_login(make_staff())
    return client


def page_of(label: str, row: models.Model, what: str) -> str:
    return f"/admin/{label.lower().replace('.', '/')}/{row.pk}/{what}/"


def form_in(page: bytes) -> Any:
    document: Any = lxml.html.document_fromstring(page)
    return next(form for form in document.forms if str(form.get("id")).endswith("_form"))


def changed(form: Any) -> dict[str, list[str]]:
    """What the form would send, with another word in the first field for words."""
    values: dict[str, list[str]] = {"_save": ["Save"]}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    for name in [name for name in WORDS if name in values][:1]:
        values[name] = [f"{values[name][0]}x"]
    return values


def notes() -> list[tuple[str, str]]:
    return list(Entry.objects.filter(who="staff").values_list("act", "on"))


def test_every_registered_model_is_looked_at_here():
    read_only = {"audit.Entry", "letters.OfficeImport", "petitions.CountCheck", "petitions.HeldSignature"}
    read_only |= {
        "petitions.Signature",
        "petitions.Voice",
        "petitions.HandOver",
        "petitions.KeyReplacement",
        "journal.Restoration",
        "outbox.Rehearsal",
        "outbox.RehearsedMail",
        "supporters.Subscriber",
        "supporters.SubscriberExport",
    }
    assert set(REGISTERED) == {*MAKERS, *SHOWN_ONLY, *read_only}
    assert all(isinstance(each, Noted) for each in REGISTERED.values())


@pytest.mark.parametrize("label", sorted(MAKERS.keys() - DELETED_ONLY))
def test_a_change_is_noted_once(desk, label):
    row = MAKERS[label]()
    page = desk.get(page_of(label, row, "change"))
    answer = desk.post(page_of(label, row, "change"), changed(form_in(page.content)))
    assert answer.status_code == 302, answer.context["errors"]
    assert [on for _act, on in notes()] == [f"{row._meta.label_lower} {row.pk}"]


@pytest.mark.parametrize("label", MAKERS)
def test_a_deletion_is_noted_once(desk, label):
    row = MAKERS[label]()
    answer = desk.post(page_of(label, row, "delete"), {"post": "yes"})
    if answer.status_code == 403:
        assert type(row)._default_manager.filter(pk=row.pk).exists()
    else:
        assert [act.rpartition(".")[2] for act, _on in notes()] in (["deleted"], ["reset"])


@pytest.mark.parametrize("label", SHOWN_ONLY)
def test_nothing_can_be_typed_over_where_acts_are_buttons(desk, label):
    row = SHOWN_ONLY[label]()
    form = form_in(desk.get(page_of(label, row, "change")).content)
    typed = {
        name for name, _value in form.form_values() if not name.endswith("_FORMS") and name != "csrfmiddlewaretoken"
    }
    assert typed <= {"_save", "_continue", "_selected_action"}  # the last names the row to the buttons of acts
    assert desk.post(page_of(label, row, "delete"), {"post": "yes"}).status_code == 403


def test_what_is_added_changed_in_a_list_and_deleted_by_the_dozen_is_noted(desk):
    rule = {"pattern": "spam.example", "verdict": "blocked", "note": "Seen today"}
    desk.post("/admin/protection/domainrule/add/", rule)
    rows = [make_audience("one"), make_audience("two")]
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    desk.post("/admin/pages/audience/", chosen)
    added = DomainRule.objects.get()
    assert notes() == [
        ("domainrule.made", f"protection.domainrule {added.pk}"),
        *(("content.deleted", f"pages.audience {row.pk}") for row in rows),
    ]


def test_a_note_names_fields_and_never_what_was_typed(desk):
    rule = DomainRule.objects.create(pattern="spam.example", verdict="blocked")
    words = {"pattern": "canary.example", "verdict": "allowed", "note": "canary"}
    desk.post(page_of("protection.DomainRule", rule, "change"), words)
    assert Entry.objects.get().details == {"what": "changed: Domain, Verdict, Note"}


def test_a_note_of_what_hangs_on_something_does_not_name_it():
    deleted = {"deleted": {"name": "co-signer", "object": "Ana Canary"}}
    changed = {"changed": {"name": "key", "object": "Ana Canary", "fields": ["Note"]}}
    assert change_summary([deleted, changed]) == "deleted: co-signer; changed: key, Note"


def test_a_change_that_cannot_be_noted_is_not_made(desk):
    rule = DomainRule.objects.create(pattern="spam.example", verdict="blocked")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry ADD CHECK (act <> 'domainrule.deleted')")
    chosen = {"action": "delete_selected", "_selected_action": [rule.pk], "post": "yes"}
    with pytest.raises(IntegrityError), transaction.atomic():
        desk.post("/admin/protection/domainrule/", chosen)
    assert DomainRule.objects.filter(pk=rule.pk).exists()


def test_new_passwords_are_noted(desk):
    ada = User.objects.create_user("ada")
    new = "another long and good password"
    desk.post(f"/admin/auth/user/{ada.pk}/password/", {"password1": new, "password2": new, "usable_password": "true"})
    own = {"old_password": "a-password-of-the-tests", "new_password1": new, "new_password2": new}
    desk.post("/admin/password_change/", own)
    staff = User.objects.get(username="staff")
    assert notes() == [("user.changed", f"auth.user {ada.pk}"), ("password.changed", f"auth.user {staff.pk}")]
