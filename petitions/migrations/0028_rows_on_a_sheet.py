from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Batches from before know no number of rows and fulfil the constraint, so it need not be validated."""

    dependencies = [("petitions", "0027_reasons_of_known_rows")]

    operations = [
        migrations.AddField(
            "papersheet", "rows", models.PositiveSmallIntegerField(db_default=10, default=10, verbose_name="rows")
        ),
        migrations.AddField(
            "paperbatch",
            "rows",
            models.PositiveSmallIntegerField(
                blank=True,
                editable=False,
                help_text="No more can be typed; empty for a file, which has as many as it has.",
                null=True,
                verbose_name="rows on the sheet",
            ),
        ),
        AddConstraintNotValid(
            "paperbatch",
            models.CheckConstraint(
                condition=models.Q(("rows", None), ("lines_read__lte", models.F("rows")), _connector="OR"),
                name="paper_batch_within_its_sheet",
            ),
        ),
    ]
