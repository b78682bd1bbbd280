import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0006_moments")]

    operations = [
        migrations.CreateModel(
            name="LetterCampaignText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="letters.lettercampaign",
                    ),
                ),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("ask", models.TextField(verbose_name="what is asked of the senators")),
                ("summary", models.TextField(help_text="A blank line parts paragraphs.", verbose_name="summary")),
                (
                    "closing_note",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the English note is shown.",
                        max_length=300,
                        verbose_name="why it is paused or closed",
                    ),
                ),
            ],
            options={
                "verbose_name": "text in another language",
                "verbose_name_plural": "texts in other languages",
                "ordering": ["language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "language"),
                        name="letter_campaign_text_once",
                        violation_error_message="This language is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language", "en"), _negated=True),
                        name="letter_campaign_text_is_a_translation",
                    ),
                ],
            },
        ),
    ]
