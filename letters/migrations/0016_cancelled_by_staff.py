from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0015_printed")]

    operations = [
        migrations.AddField(
            "delivery",
            "is_cancelled",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="cancelled by staff"),
        ),
    ]
