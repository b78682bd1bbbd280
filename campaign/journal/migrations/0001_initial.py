import django.db.models.functions.datetime
from django.db import migrations, models

# A backup that is made before any process has counted knows already which journal is its own.
BEGIN = """
    INSERT INTO journal_position (id, site, timeline, number, at, is_held, folders, trouble)
    SELECT 1, name, name, 0, statement_timestamp(), false, '{}', ''
    FROM substr(replace(gen_random_uuid()::text, '-', ''), 1, 12) AS name
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Restoration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateTimeField(verbose_name="the database is as of")),
                ("newest_at", models.DateTimeField(blank=True, null=True, verbose_name="newest line of the journal")),
                (
                    "detected_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="noticed at"
                    ),
                ),
                ("cuts", models.JSONField(default=dict, editable=False)),
                ("folders", models.JSONField(default=dict, editable=False)),
                ("again", models.JSONField(default=dict, verbose_name="done again")),
                ("lost", models.JSONField(default=dict, verbose_name="lost")),
                ("gaps", models.JSONField(default=list, verbose_name="what could not be known")),
                ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="work went on at")),
                ("released_by", models.CharField(blank=True, max_length=150, verbose_name="let go by")),
            ],
            options={
                "verbose_name": "restored backup",
                "verbose_name_plural": "restored backups",
                "ordering": ["-pk"],
                "permissions": [("release_restoration", "Can let mail and letters go on after a restore")],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("site", models.CharField(max_length=12)),
                ("timeline", models.CharField(max_length=12)),
                ("number", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("is_held", models.BooleanField(default=False)),
                ("folders", models.JSONField(default=dict)),
                ("trouble", models.TextField(blank=True, default="")),
                ("trouble_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "position in the journal",
                "verbose_name_plural": "positions in the journal",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="journal_position_is_one_row"),
                ],
            },
        ),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    ]
