from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False  # nobody waits while the rows are looked through

    dependencies = [("outbox", "0002_refused")]

    operations = [
        ValidateConstraint("item", "outbox_lease_iff_in_flight"),
        AddIndexConcurrently(
            "item", models.Index(condition=Q(state="refused"), fields=["due_at"], name="outbox_refused")
        ),
    ]
