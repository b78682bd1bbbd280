"""New migrations let the old code run on beside them, and lock no table that grows (docs/deploy.md)."""

from collections.abc import Iterator, Sequence

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, RemoveIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

# The last migrations of the first release: until then there was nobody to be kept from anything.
FIRST_RELEASE = {
    "audit": "0002", "outbox": "0001", "protection": "0004", "supporters": "0001",
    "letters": "0006", "pages": "0009", "petitions": "0015",
}  # fmt: skip
TAKES_AWAY = (
    migrations.AlterModelTable,
    migrations.DeleteModel,
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
)
LOCKS = (migrations.AddIndex, migrations.AddConstraint, migrations.RemoveIndex)
LOCKS_NOTHING = (AddConstraintNotValid, AddIndexConcurrently, RemoveIndexConcurrently)


def new_migrations() -> list[migrations.Migration]:
    found = MigrationLoader(None).disk_migrations
    return [found[app, name] for app, name in found if app in FIRST_RELEASE and name[:4] > FIRST_RELEASE[app]]


def faults(migration: migrations.Migration) -> list[str]:
    made = {
        operation.name.lower() for operation in migration.operations if isinstance(operation, migrations.CreateModel)
    }
    return [fault for operation in in_database(migration.operations) for fault in faults_of(operation, made)]


def in_database(operations: Sequence[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from in_database(operation.database_operations)
        else:
            yield operation


def faults_of(operation: Operation, made: set[str]) -> Iterator[str]:
    is_new = getattr(operation, "model_name", "").lower() in made
    if isinstance(operation, TAKES_AWAY):
        yield f"{operation.describe()}: the old code still needs it"
    if isinstance(operation, migrations.AddField) and not is_new and not can_be_left_out(operation.field):
        yield f"{operation.describe()}: the old code does not fill it in"
    if isinstance(operation, LOCKS) and not isinstance(operation, LOCKS_NOTHING) and not is_new:
        yield f"{operation.describe()}: locks the table"


def can_be_left_out(field: models.Field) -> bool:
    return bool(field.null or field.has_db_default() or field.many_to_many)


@pytest.mark.parametrize("migration", new_migrations(), ids=str)
def test_a_new_migration_disturbs_nobody(migration):
    assert faults(migration) == []


@pytest.mark.parametrize(
    "operation",
    [
        migrations.DeleteModel("Sheet"),
        migrations.RemoveField("sheet", "code"),
        migrations.AddField("sheet", "code", models.IntegerField(default=0)),
        migrations.AddIndex("sheet", models.Index(fields=["code"], name="sheet_code")),
        migrations.AddConstraint("sheet", models.CheckConstraint(condition=models.Q(code__gt=0), name="sheet_code")),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_would_disturb_is_found(operation):
    class Disturbing(migrations.Migration):
        operations = [operation]

    assert len(faults(Disturbing("x", "petitions"))) == 1


def test_what_disturbs_nobody_is_let_pass():
    class Quiet(migrations.Migration):
        operations = [
            migrations.CreateModel("Sheet", [("id", models.BigAutoField(primary_key=True))]),
            migrations.AddField("sheet", "code", models.IntegerField()),
            migrations.AddField("petition", "code", models.IntegerField(db_default=0)),
            migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Trend")]),
            AddIndexConcurrently("petition", models.Index(fields=["code"], name="petition_code")),
        ]

    assert faults(Quiet("x", "petitions")) == []


@pytest.mark.django_db
def test_tables_that_grow_by_millions_are_vacuumed_early() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reloptions::text FROM pg_class WHERE reloptions::text LIKE '%vacuum_scale%'")
        found = dict(cursor.fetchall())
    assert "autovacuum_vacuum_scale_factor=0.01" in found["petitions_signature"]
    assert "autovacuum_vacuum_scale_factor=0.02" in found["outbox_item"]


@pytest.mark.django_db
def test_no_sequence_is_unusable_on_a_standby_that_was_promoted() -> None:
    """As those of unlogged tables are, where nothing else is said."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'S' AND relpersistence = 'u'")
        assert cursor.fetchall() == []
