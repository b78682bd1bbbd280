"""The letters of a print run are found by an index; nothing is locked meanwhile."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("letters", "0020_print_runs")]

    operations = [
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("print_run__isnull", False)),
                fields=["print_run", "print_number"],
                name="delivery_of_print_run",
            ),
        ),
    ]
