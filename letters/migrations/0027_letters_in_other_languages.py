"""The letter of a campaign in other languages, and what the law of a country wants to be said to writers."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0026_lists_by_upload'),
    ]

    operations = [
        migrations.AddField(
            model_name='lettercampaigntext',
            name='letter_body',
            field=models.TextField(blank=True, db_default='', default='', help_text='The whole letter in this language, from the salutation on, with the same words in brackets. Those who read the site in this language find it beside a letter in another.', verbose_name='text of the letter'),
        ),
        migrations.AddField(
            model_name='lettercampaigntext',
            name='letter_for_supporters',
            field=models.TextField(blank=True, db_default='', default='', help_text='Thanks instead of the request; empty: they get the request.', verbose_name='text for supporters'),
        ),
        migrations.AddField(
            model_name='lettercampaigntext',
            name='letter_subject',
            field=models.CharField(blank=True, db_default='', default='', help_text='For recipients who read this language; empty: they are written to in English.', max_length=150, verbose_name='subject of the letter'),
        ),
        migrations.CreateModel(
            name='ConsentWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(help_text='Its code, such as DE: for those who write from there.', max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$')], verbose_name='country')),
                ('language', models.CharField(help_text='Of the words below.', max_length=10, verbose_name='language')),
                ('text', models.TextField(help_text='Stands after the usual words beside the button, and is kept with each consent.', verbose_name='wording')),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='letters.lettercampaign')),
            ],
            options={
                'verbose_name': 'wording of a country',
                'verbose_name_plural': 'wordings of countries',
                'ordering': ['country', 'language'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'country', 'language'), name='country_wording_once', violation_error_message='This country has a wording in this language already.')],
            },
        ),
    ]
