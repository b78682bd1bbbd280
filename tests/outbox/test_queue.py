"""Work is found by its subject (campaign/outbox/queue.py), and by nobody who goes past that door."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.functions import Now

from campaign.database import clock
from campaign.environment import ROOT
from campaign.outbox import queue
from campaign.outbox.models import Item, State
from tests.outbox.factories import KIND, claim_all, expire_leases, make_item

pytestmark = pytest.mark.django_db

OTHER = "tests.other-work"
# As the code of the release before wrote it.
PUT_WITHOUT_SUBJECT = """
    INSERT INTO outbox_item (kind, payload, state, due_at, token, attempts, reason)
    VALUES ('petitions.reminder', '{"signature": 7, "is_new": false}', 'waiting', now(), 0, 0, '')
"""
PUT_MANY = """
    INSERT INTO outbox_item (kind, subject, payload, state, token, attempts, reason)
    SELECT %s, number, '{}', 'waiting', 0, 0, '' FROM generate_series(1, 2000) AS number
"""
ARGUMENTS = {
    queue.FORGET: {"subjects": "$1", "kinds": "$2", "lost": "false", "begun": "false"},
    queue.RESCHEDULE: {"subjects": "$1", "kinds": "$2", "start": "now()", "apart": "'1 second'"},
}


def subjects() -> list[int | None]:
    return list(Item.objects.order_by("pk").values_list("subject", flat=True))


def test_what_is_forgotten_is_that_of_its_kind_and_subject_alone():
    for n in (1, 2, 3):
        make_item(n)
    queue.put(OTHER, subject=1, payload={})
    assert queue.forget([KIND], [1, 3, 4]) == 2
    assert list(Item.objects.order_by("pk").values_list("kind", "subject")) == [(KIND, 2), (OTHER, 1)]


def test_what_its_worker_lost_is_forgotten_only_when_asked_for():
    make_item(1)
    claim_all()
    assert queue.forget([KIND], [1], with_lost=True) == 0
    expire_leases()
    assert queue.forget([KIND], [1]) == 0
    assert queue.forget([KIND], [1], with_lost=True) == 1


def test_many_are_put_with_a_secret_that_another_item_has():
    first, due_at = make_item(1), clock.now() + timedelta(days=3)
    queue.put_many(OTHER, [queue.Work(n, {"n": n}, due_at, first.sealed_secret) for n in (5, 6)])
    many = Item.objects.filter(kind=OTHER).order_by("pk")
    assert [(item.subject, item.due_at, item.secret) for item in many] == [(n, due_at, first.secret) for n in (5, 6)]


def test_missing_work_is_put_once():
    assert queue.put_missing(KIND, subject=1, payload={"n": 1})
    assert not queue.put_missing(KIND, subject=1, payload={"n": 1})
    assert queue.put_missing(OTHER, subject=1, payload={"n": 1})


def test_what_was_given_up_is_tried_again_by_its_subject():
    make_item(1)
    assert not queue.retry_subject([KIND], 1)
    Item.objects.update(state=State.DEAD, attempts=8)
    assert not queue.retry_subject([KIND], 2)
    assert queue.retry_subject([KIND], 1)
    assert Item.objects.filter(state=State.WAITING, attempts=0).count() == 1


def test_what_waits_gets_moments_in_the_order_of_its_subjects():
    for n in (1, 2, 3):
        make_item(n)
    start = clock.now() + timedelta(hours=1)
    queue.reschedule([KIND], [3, 1], start=start, apart=timedelta(seconds=2))
    due = dict(Item.objects.filter(subject__in=[1, 3]).values_list("subject", "due_at"))
    assert due == {3: start, 1: start + timedelta(seconds=2)}
    assert Item.objects.get(subject=2).due_at < start


def test_the_kind_is_changed_by_nobody_who_was_overtaken():
    item = make_item(1)
    Item.objects.update(token=item.token + 1)
    queue.change_kind(item, OTHER)
    assert Item.objects.get().kind == KIND
    queue.change_kind(Item.objects.get(), OTHER)
    assert Item.objects.get().kind == OTHER


@pytest.fixture
def many() -> None:
    with connection.cursor() as cursor:
        cursor.execute(PUT_MANY, [KIND])
        cursor.execute("ANALYZE outbox_item")


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("statement", ARGUMENTS)
def test_it_is_found_by_an_index_however_the_statement_is_planned(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode TO force_generic_plan")
        cursor.execute(f"PREPARE found (bigint[], text[]) AS {statement % ARGUMENTS[statement]}")
        cursor.execute("EXPLAIN EXECUTE found (ARRAY[1, 2], ARRAY['a'])")
        plan = "\n".join(line for (line,) in cursor)
        cursor.execute("DEALLOCATE found")
    assert "outbox_subject" in plan
    assert "Index Cond: (subject = " in plan


def test_the_old_code_names_the_subject_without_knowing_of_it():
    with connection.cursor() as cursor:
        cursor.execute(PUT_WITHOUT_SUBJECT)
    assert subjects() == [7]


def test_rows_from_before_are_given_their_subject():
    for key in ("signature", "constituent", "delivery", "decision", "batch", "language"):
        Item.objects.create(kind=KIND, payload={key: 3}, due_at=Now())
    Item.objects.update(subject=None)
    migration = import_module("campaign.outbox.migrations.0006_subject_index")
    with connection.schema_editor() as editor:
        migration.name_subjects(apps, editor)
    assert subjects() == [3, 3, 3, 3, 3, None]


def outside() -> Iterator[Path]:
    for app in ("campaign", "petitions", "letters", "pages", "backoffice", "standalone"):
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts and ROOT / "campaign" / "outbox" not in path.parents:
                yield path


def reached(tree: ast.AST) -> Iterator[str]:
    """Where a module goes past the door: the table's name in a text, its model asked or made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "outbox_item " in f"{node.value} ":
            yield f"{node.lineno}: the table"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Item":
            yield f"{node.lineno}: Item.{node.attr}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Item":
            yield f"{node.lineno}: Item(...)"


def test_nobody_else_touches_the_table():
    """Nor imports the models, which import-linter holds."""
    found = {path.relative_to(ROOT).as_posix(): list(reached(ast.parse(path.read_text()))) for path in outside()}
    assert {path: places for path, places in found.items() if places} == {}


@pytest.mark.parametrize(
    "code",
    [
        "Item.objects.all()",
        "Item(kind='x')",
        "SQL = 'DELETE FROM outbox_item WHERE id = 1'",
        "f'SELECT FROM outbox_item'",
    ],
)
def test_going_past_the_door_is_seen(code):
    assert len(list(reached(ast.parse(code)))) == 1
