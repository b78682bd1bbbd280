import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

RENAME = """
    UPDATE django_content_type SET app_label = '{0}' WHERE app_label = '{1}' AND model = 'version'
        AND NOT EXISTS (SELECT FROM django_content_type WHERE app_label = '{0}' AND model = 'version')
"""


class Migration(migrations.Migration):
    """The table was made in the app `pages`, and stays as it is."""

    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("pages", "0015_versions_leave"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Version",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("object_id", models.PositiveBigIntegerField()),
                        ("number", models.PositiveIntegerField()),
                        ("data", models.JSONField()),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("is_draft", models.BooleanField(default=False)),
                        ("due_at", models.DateTimeField(null=True)),
                        ("is_stranded", models.BooleanField(default=False)),
                        ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        (
                            "content_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to="contenttypes.contenttype"
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "pages_version",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_draft", True)), fields=["due_at"], name="version_due"
                            ),
                            models.Index(fields=["-made_at"], name="version_newest"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("content_type", "object_id", "number"), name="version_numbered_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("due_at", None), ("is_draft", True), _connector="OR"),
                                name="version_due_only_as_draft",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(RENAME.format("revisions", "pages"), RENAME.format("pages", "revisions")),
    ]
