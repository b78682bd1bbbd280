from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0022_help")]

    operations = [
        migrations.AddField(
            "decision",
            "problem",
            models.TextField(blank=True, db_default="", editable=False, verbose_name="problem"),
        ),
        migrations.AlterField(
            "paperbatch",
            "problem",
            models.TextField(blank=True, help_text="Why it stopped.", verbose_name="problem"),
        ),
    ]
