"""A delivery names its office while it stands in line, and the outbox item that carries it (0009 fills both in)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0007_texts")]

    operations = [
        migrations.AddField(
            model_name="constituent",
            name="hand_asked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="queued_office",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="letters.office",
            ),
        ),
    ]
