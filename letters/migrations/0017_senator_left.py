"""A letter tells that its senator left before it went, and the one that takes its place whom it was written to."""

import django.db.models.deletion
from django.db import migrations, models


HELP = (
    "The person's number in the directory of Congress. Leave it empty if there is none yet: the import that"
    " brings it finds the senator by seat and name."
)
HELP_IN_OFFICE = (
    "Off: gets no letters. Those that wait are cancelled once the successor is entered, and their writers"
    " are offered to send them to the successor."
)


class Migration(migrations.Migration):
    dependencies = [("letters", "0016_cancelled_by_staff")]

    operations = [
        migrations.AddField(
            "delivery",
            "has_senator_left",
            models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                verbose_name="cancelled because the senator left office",
            ),
        ),
        migrations.AddField(
            "letter",
            "former_office",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="letters.office",
            ),
        ),
        migrations.AlterField(
            "office",
            "bioguide",
            models.CharField(
                blank=True,
                help_text=HELP,
                max_length=7,
                unique=True,
                verbose_name="Bioguide ID",
            ),
        ),
        migrations.AlterField(
            "office",
            "is_current",
            models.BooleanField(default=True, help_text=HELP_IN_OFFICE, verbose_name="in office"),
        ),
    ]
