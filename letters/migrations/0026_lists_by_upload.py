"""Staff upload any list; what an upload of the Senate or the House must look like is their lists' own; no bill is needed.

Everything new has a default or may be empty, for the release before.
"""

import django.core.validators
import django.db.models.deletion
import letters.models.recipients.recipient_lists
from django.db import migrations, models

CHAMBERS = """
    UPDATE letters_recipientlist SET fewest_members = 90, members_per_area = 2 WHERE slug = 'us-senate';
    UPDATE letters_recipientlist SET fewest_members = 400 WHERE slug = 'us-house';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0025_postal_areas'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='officeimport',
            options={'ordering': ['-pk'], 'verbose_name': 'import of recipients', 'verbose_name_plural': 'imports of recipients'},
        ),
        migrations.AddField(
            model_name='office',
            name='form_of_address',
            field=models.CharField(blank=True, db_default='', default='', help_text="As after “Dear”, such as “Dr. {last_name}”; empty: the list's.", max_length=80, validators=[letters.models.recipients.recipient_lists.validate_names_a_person], verbose_name='form of address'),
        ),
        migrations.AddField(
            model_name='office',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', help_text="Its code: the one in which letters to this person are written; empty: the list's.", max_length=10, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z]{2,8})?$', 'Enter its code, such as de or zh-hant.')], verbose_name='language'),
        ),
        migrations.AddField(
            model_name='officeimport',
            name='as_of',
            field=models.DateField(blank=True, help_text='The day of the source.', null=True, verbose_name='as of'),
        ),
        migrations.AddField(
            model_name='officeimport',
            name='format',
            field=models.CharField(choices=[('legislators', '“legislators-current” of unitedstates/congress-legislators'), ('members', 'table of members'), ('areas', 'table of postal codes and their areas')], db_default='legislators', help_text='What stands in the file.', max_length=12, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='officeimport',
            name='recipient_list',
            field=models.ForeignKey(db_default='us-senate', db_index=False, help_text='Which list is brought in line with it.', on_delete=django.db.models.deletion.PROTECT, to='letters.recipientlist', to_field='slug', verbose_name='list'),
        ),
        migrations.AddField(
            model_name='recipientlist',
            name='fewest_members',
            field=models.PositiveSmallIntegerField(blank=True, help_text='An upload with fewer is refused, since it must be broken.', null=True, verbose_name='fewest members'),
        ),
        migrations.AddField(
            model_name='recipientlist',
            name='members_per_area',
            field=models.PositiveSmallIntegerField(blank=True, help_text='If all areas have the same number, such as 2; an upload warns of any other.', null=True, verbose_name='members of each area'),
        ),
        migrations.AlterField(
            model_name='lettercampaign',
            name='bill_congress',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Number of the Congress; a bill lapses when its Congress ends.', null=True, verbose_name='Congress'),
        ),
        migrations.AlterField(
            model_name='lettercampaign',
            name='bill_number',
            field=models.PositiveIntegerField(blank=True, help_text='Digits only; empty if it is not about a bill.', null=True, verbose_name='number of the bill'),
        ),
        migrations.AlterField(
            model_name='lettercampaign',
            name='introduced_on',
            field=models.DateField(blank=True, help_text='The day on which the bill was introduced.', null=True, verbose_name='introduced on'),
        ),
        migrations.AlterField(
            model_name='officeimport',
            name='source',
            field=models.CharField(blank=True, help_text="Where it comes from, such as the parliament's website; empty: the name of the file.", max_length=300, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='recipientlist',
            name='language',
            field=models.CharField(default='en', help_text='Its code: the one in which letters to this list are written.', max_length=10, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[a-z]{2,8})?$', 'Enter its code, such as de or zh-hant.')], verbose_name='language'),
        ),
        migrations.RunSQL(CHAMBERS, migrations.RunSQL.noop),
    ]
