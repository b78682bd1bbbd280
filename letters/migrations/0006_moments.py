"""Moments take the place of credit. Its columns stay in the table for code that runs beside this (docs/deploy.md)."""

import django.db.models.functions.datetime
from django.db import migrations, models

CREDIT = "ALTER TABLE letters_channelstatus ALTER COLUMN credit"


class Migration(migrations.Migration):
    dependencies = [("letters", "0005_positions")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(f"{CREDIT} SET DEFAULT 0", f"{CREDIT} DROP DEFAULT")],
            state_operations=[
                migrations.RemoveField(model_name="channelstatus", name="counted_at"),
                migrations.RemoveField(model_name="channelstatus", name="credit"),
            ],
        ),
        migrations.AddField(
            model_name="channelstatus",
            name="next_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name="channelstatus",
            name="paced_until",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
    ]
