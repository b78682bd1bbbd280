"""The pages of the admin, found by following its links on content of every kind, and a server that shows them.

They are rendered without a server, so that what they show is gone with the test's transaction; a browser gets them
from memory.
"""

import json
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import lxml.html
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.template.loader import select_template
from django.test import Client
from django.urls import ResolverMatch, resolve
from django.utils import timezone

from backoffice import first_content
from campaign.outbox.models import Rehearsal, RehearsedMail
from campaign.revisions import history
from campaign.secrecy.keypairs import new_keypair
from campaign.staff.dual_control import workflow
from campaign.staff.invitations.workflow import invitation_link
from campaign.staff.models import Authenticator, Invitation
from campaign.supporters.models import SubscriberExport
from letters.constituency.congress import senators
from letters.models import Office, OfficeImport
from pages.models import Issue
from petitions.models import Decision, KeyReplacement, Petition, Voice
from petitions.moderation import bulk
from tests.letters.factories import make_ready
from tests.letters.test_importing import upstream
from tests.petitions.factories import make_confirmed, make_handover, make_held
from tests.petitions.paper import ANA, BOB, register, type_rows
from tests.staff.test_noted import MAKERS, SHOWN_ONLY

# Where no link leads: buttons do, or somebody who is not logged in comes there.
STARTS = ["/admin/", "/admin/password_change/done/"]
WORDS = {"name": "Ana", "country": "DE", "reason": "Because nobody should be killed for an organ.", "language": "en"}
# Pages that say the same of every model, or no more than its other pages, and what their templates are called.
ALIKE = {
    "add": "change_form",
    "delete": "delete_confirmation",
    "differences": "differences",
    "history": "object_history",
    "translate": "translate",
    "translations": "translations",
}
MODELS = {(model._meta.app_label, model._meta.model_name) for model in admin.site._registry}


def fill(desk: Client, staff: User) -> None:
    """Make the first content, and something of every kind that has a page in the admin."""
    first_content.fill(is_demo=True)
    petition = Petition.objects.get()
    for number in range(3):
        make_held(petition, f"held{number}@example.org")
    signed = make_confirmed(petition, "voice@example.org")
    Voice.objects.create(signature=signed, petition=petition, words=WORDS)
    bulk.propose(Decision(petition=petition, act="invalidate", country="DE", why="x"), by="mo")
    make_handover(petition, by=staff)
    key = petition.keys.create(public_key=new_keypair().public)
    workflow.request(KeyReplacement(petition=petition, key=key, reason="A stick was lost."), by=staff)
    workflow.request(SubscriberExport(reason="A letter of thanks."), by=staff)
    type_rows(desk, register(desk, petition), ANA, BOB)
    make_ready(Office.objects.first())
    OfficeImport.objects.create(source="list.json", entries=newer_list())
    rehearsal = Rehearsal.objects.create(begun_by="staff", ended_by="staff", ended_at=timezone.now())
    RehearsedMail.objects.create(rehearsal=rehearsal, kind="pages.contact", words="Words", made_at=timezone.now())
    for label, make in {**MAKERS, **SHOWN_ONLY}.items():
        if not apps.get_model(label)._default_manager.exists():
            make()
    history.record(Issue.objects.get(), by=staff, is_noted=True)


def newer_list() -> list[dict[str, Any]]:
    """Return a list of senators in which one has left, one has changed, and one cannot be read."""
    people = upstream(senators.project_records())
    people[0]["id"], people[0]["name"] = {"bioguide": "N000001"}, {"first": "Nora", "last": "New"}
    people[1]["terms"][0]["party"] = "Independent"
    people[2]["terms"][0]["party"] = ""
    people[3]["terms"][0]["start"] = "2001-01-03"
    return senators.read_entries(json.dumps(people))


def render(desk: Client) -> dict[str, bytes]:
    """Return each page that links lead to, by its path; of pages with the same address pattern the first one.

    Of those that are ALIKE there is one for each template.
    """
    pages: dict[str, bytes] = {}
    routes: set[str] = set()
    looks: set[object] = set()
    waiting = list(STARTS)
    while waiting:
        path = waiting.pop(0)
        if look_of(path) in looks:
            continue
        answer: Any = desk.get(path)
        if answer.status_code == 302 or not answer["Content-Type"].startswith("text/html"):
            continue
        assert answer.status_code == 200, path
        looks.add(look_of(path))
        pages[path] = answer.content
        waiting += [link for link in links(answer.content) if is_new(matched(link).route, routes)]
    return pages


def render_entrances(desk: Client) -> dict[str, bytes]:
    """Return the pages by which staff come in, by their paths."""
    invitation = invitation_link(Invitation.objects.get()).removeprefix(settings.SITE_URL)
    keeper, phone = Authenticator.objects.get().user, Client()
    User.objects.filter(pk=keeper.pk).update(is_staff=True)
    phone.force_login(keeper)
    openings = {"/admin/login/": Client(), invitation: Client(), "/admin/second-factor/": phone}
    openings["/admin/second-factor/set-up/"] = desk
    answers = {path: client.get(path) for path, client in openings.items()}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: answer.content for path, answer in answers.items()}


def is_new(route: str, known: set[str]) -> bool:
    """Whether it was not known before; it is from now on."""
    was_known = route in known
    known.add(route)
    return not was_known


@cache
def matched(path: str) -> ResolverMatch:
    return resolve(path)


def look_of(path: str) -> object:
    """Return what is the same for pages that look alike."""
    app, _, name = matched(path).view_name.removeprefix("admin:").partition("_")
    model, end = name.partition("_")[0], name.rpartition("_")[2]
    if end not in ALIKE or (app, model) not in MODELS:
        return path
    template = ALIKE[end]
    model_admin = admin.site._registry[apps.get_model(app, model)]
    own = [f"admin/{app}/{model}/{template}.html", f"admin/{app}/{template}.html", "admin/base_site.html"]
    view = getattr(type(model_admin), f"{end}_view", None)
    return end, view, getattr(model_admin, f"{template}_template", None) or select_template(own).origin.name


def links(page: bytes) -> Iterator[str]:
    document: Any = lxml.html.document_fromstring(page)
    for link in document.xpath("//a/@href"):
        path = link.partition("#")[0].partition("?")[0]
        if path.startswith("/admin/") and "logout" not in path:
            yield path


@contextmanager
def served(pages: dict[str, bytes], static: Path) -> Iterator[str]:
    """Yield the address of a server of these pages and of the collected static files."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            file = static / path.removeprefix("/static/")
            is_file = path.startswith("/static/") and file.is_file()
            body = file.read_bytes() if is_file else pages.get(path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", (is_file and mimetypes.guess_type(path)[0]) or "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "max-age=600" if is_file else "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
