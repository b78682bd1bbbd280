from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # so that the table is not locked while its rows are looked at

    dependencies = [("petitions", "0030_collectors_encrypted")]

    operations = [
        migrations.AddField("voice", "refused_on", models.DateField("refused on", editable=False, null=True)),
        migrations.RemoveConstraint("voice", "voice_refused_is_silent"),
        AddConstraintNotValid(
            "voice",
            models.CheckConstraint(
                condition=models.Q(state="refused", words__isnull=True)
                | models.Q(state="refused", refused_on__isnull=False)
                | models.Q(state__in=["waiting", "approved"], words__isnull=False),
                name="voice_refused_is_silent",
            ),
        ),
        ValidateConstraint("voice", "voice_refused_is_silent"),
    ]
