from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

STATES = ["waiting", "published", "running", "dead", "refused"]
LEASED = Q(state__in=["published", "running"], leased_until__isnull=False)
AT_REST = Q(state__in=["waiting", "dead", "refused"], leased_until__isnull=True)


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.AlterField(
            "item",
            "state",
            models.CharField(
                choices=[(state, state) for state in STATES], default="waiting", max_length=10, verbose_name="state"
            ),
        ),
        migrations.RemoveConstraint("item", "outbox_lease_iff_in_flight"),
        AddConstraintNotValid(
            "item", models.CheckConstraint(condition=LEASED | AT_REST, name="outbox_lease_iff_in_flight")
        ),
    ]
