import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0002_signature_code_tries_signature_hold_reason")]

    operations = [
        migrations.AddField(
            model_name="countevent",
            name="noted_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.CreateModel(
            name="HourTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.DateTimeField(verbose_name="hour")),
                ("change", models.IntegerField(verbose_name="change")),
                (
                    "petition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="petitions.petition",
                    ),
                ),
            ],
            options={
                "verbose_name": "hour",
                "verbose_name_plural": "hours",
                "ordering": ["hour"],
                "constraints": [models.UniqueConstraint(fields=("petition", "hour"), name="hour_tally_once")],
            },
        ),
    ]
