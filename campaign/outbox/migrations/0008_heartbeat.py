from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("outbox", "0007_pace")]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("relay", "relay"),
                            ("scheduler", "scheduler"),
                            ("worker", "workers"),
                            ("mail_server", "mail server"),
                        ],
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                        verbose_name="part",
                    ),
                ),
                ("seen_at", models.DateTimeField(db_default=Now(), verbose_name="last seen")),
            ],
            options={"db_table": "outbox_heartbeat", "default_permissions": ()},
        ),
    ]
