"""Where recipients stand has a day, and campaigns a board, paragraphs and a measure; all may be left out."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0028_words_for_any_list'),
    ]

    operations = [
        migrations.AddField(
            model_name='lettercampaign',
            name='likeness',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='lettercampaign',
            name='paragraphs',
            field=models.TextField(blank=True, db_default='', help_text='A blank line parts them. Each letter has some of them, chosen and ordered anew for each writer, where [paragraphs] stands in the texts above; writers may take others, or change them.', verbose_name='paragraphs to choose from'),
        ),
        migrations.AddField(
            model_name='lettercampaign',
            name='paragraphs_per_letter',
            field=models.PositiveSmallIntegerField(db_default=2, default=2, validators=[django.core.validators.MinValueValidator(1)], verbose_name='paragraphs of them in each letter'),
        ),
        migrations.AddField(
            model_name='lettercampaign',
            name='shows_board',
            field=models.BooleanField(db_default=False, default=False, help_text="A public page of where everybody on its lists stands, and who has not answered yet. It names source and day of each answer, and leaves out whoever's answer is recorded without them.", verbose_name='show who has answered'),
        ),
        migrations.AddField(
            model_name='position',
            name='as_of',
            field=models.DateField(blank=True, help_text='The day of the source.', null=True, verbose_name='as of'),
        ),
        migrations.AlterField(
            model_name='position',
            name='stance',
            field=models.CharField(choices=[('cosponsor', 'cosponsor: is thanked'), ('supports', 'supports it: is thanked'), ('undecided', 'undecided: is asked'), ('opposes', 'opposes it: is asked'), ('unknown', 'has not answered: is asked')], default='unknown', help_text='Decides which text constituents find in the form.', max_length=10, verbose_name='stance'),
        ),
    ]
