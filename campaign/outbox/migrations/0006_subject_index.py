from collections.abc import Iterator

from django.apps.registry import Apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max, Min, Q

STEP = 5000  # rows that are locked at one time, for some hundredths of a second
NAME = """
    UPDATE outbox_item SET subject = outbox_subject(payload)
    WHERE id >= %s AND id < %s AND subject IS NULL AND outbox_subject(payload) IS NOT NULL
"""


def name_subjects(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Of the rows that were there before; each step commits by itself."""
    for start in starts(apps):
        with editor.connection.cursor() as cursor:
            cursor.execute(NAME, [start, start + STEP])


def starts(apps: Apps) -> Iterator[int]:
    ids = apps.get_model("outbox", "Item").objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ids["last"] is not None:
        yield from range(ids["first"], ids["last"] + 1, STEP)


class Migration(migrations.Migration):
    atomic = False  # nobody waits while the rows are looked through

    dependencies = [("outbox", "0005_subject")]

    operations = [
        migrations.RunPython(name_subjects, migrations.RunPython.noop, atomic=False),
        AddIndexConcurrently(
            "item", models.Index(condition=Q(subject__isnull=False), fields=["subject"], name="outbox_subject")
        ),
    ]
