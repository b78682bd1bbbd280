from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("letters", "0009_line_indexes")]

    operations = [
        AddIndexConcurrently(
            model_name="constituent",
            index=models.Index(
                condition=models.Q(("person__isnull", False)), fields=["person", "id"], name="constituent_of_person"
            ),
        ),
    ]
