"""Keep who collected signatures encrypted.

The column of before stays, empty, for the release of before, which cannot do without it; the next release drops it.
"""

from typing import Any

from django.db import migrations

from campaign.secrecy.encryption import EncryptedTextField, encrypt


def encrypt_collectors(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, collector FROM petitions_paperbatch WHERE collector <> '' FOR UPDATE")
        boxes = [(encrypt(collector), pk) for pk, collector in cursor.fetchall()]
        cursor.executemany("UPDATE petitions_paperbatch SET collector_box = %s, collector = '' WHERE id = %s", boxes)


class Migration(migrations.Migration):
    dependencies = [("petitions", "0029_rows_of_open_sheets")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("paperbatch", "collector")],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE petitions_paperbatch ALTER COLUMN collector SET DEFAULT ''",
                    "ALTER TABLE petitions_paperbatch ALTER COLUMN collector DROP DEFAULT",
                )
            ],
        ),
        migrations.AddField(
            "paperbatch",
            "collector",
            EncryptedTextField(
                db_column="collector_box",
                help_text="The person or group that collected these signatures; kept encrypted.",
                null=True,
                verbose_name="collector",
            ),
        ),
        migrations.RunPython(encrypt_collectors, migrations.RunPython.noop),
    ]
