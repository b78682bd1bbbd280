from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("protection", "0003_unlogged")]

    operations = [
        migrations.CreateModel(
            name="SitePause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_on",
                    models.BooleanField(
                        default=False,
                        help_text="While this is ticked nobody can sign a petition or write a letter. Links in mails still confirm, and confirmed letters still go out: to stop those, pause their channel.",
                        verbose_name="paused",
                    ),
                ),
            ],
            options={
                "verbose_name": "pause of the whole site",
                "verbose_name_plural": "pause of the whole site",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="site_pause_is_one_row"),
                ],
            },
        ),
        migrations.RunSQL("INSERT INTO protection_sitepause (id, is_on) VALUES (1, false)", migrations.RunSQL.noop),
    ]
