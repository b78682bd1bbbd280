from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    atomic = False  # nobody waits while the rows are looked through

    dependencies = [("outbox", "0003_refused_index")]

    operations = [
        AddIndexConcurrently(
            "item",
            models.Index(F("payload__signature"), condition=Q(kind="petitions.reminder"), name="outbox_reminder"),
        ),
    ]
