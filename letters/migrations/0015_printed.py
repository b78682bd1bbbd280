from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0014_unreachable_channels")]

    operations = [
        migrations.AddField(
            "delivery", "printed_at", models.DateTimeField(blank=True, null=True, verbose_name="printed at")
        ),
    ]
