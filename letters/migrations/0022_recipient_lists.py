"""Offices belong to lists of recipients, of which the Senate is the first; what is the Senate's own is named in general.

The columns keep their names, and everything new has a default, for the release before.
"""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import letters.models.campaigns
import letters.models.recipients.recipient_lists
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

SENATE = """
    INSERT INTO letters_recipientlist (slug, name, country, language, form_of_address, name_on_envelope, finder, office_code, source)
    VALUES ('us-senate', 'United States Senate', 'US', 'en', 'Senator {last_name}', 'The Honorable {name}', 'us_state',
        'S{area}0{seat}', 'unitedstates/congress-legislators (CC0)')
"""
SEATS = """
    CREATE UNIQUE INDEX office_one_in_each_seat ON letters_office (recipient_list_id, state, senate_class)
    WHERE is_current
"""
NAMES = """
    UPDATE letters_office SET corrected_fields = array_replace(array_replace(array_replace(
        corrected_fields, 'state', 'area'), 'senate_class', 'seat'), 'bioguide', 'directory_id')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0021_letters_of_a_print_run'),
        ('supporters', '0005_export_definition'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecipientList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Such as us-senate. It cannot be changed later.', unique=True, verbose_name='short name')),
                ('name', models.CharField(help_text='Of the body, as it stands on an envelope: “United States Senate”.', max_length=120, verbose_name='name')),
                ('country', models.CharField(blank=True, help_text='Its code, such as US, if the body belongs to one; writers then live there.', max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$')], verbose_name='country')),
                ('language', models.CharField(default='en', help_text='Its code: the one in which letters to this list are written.', max_length=10, verbose_name='language')),
                ('form_of_address', models.CharField(default='{name}', help_text='As after “Dear”: “Senator {last_name}”. {name}, {first_name} and {last_name} are replaced.', max_length=80, validators=[letters.models.recipients.recipient_lists.validate_names_a_person], verbose_name='form of address')),
                ('name_on_envelope', models.CharField(default='{name}', help_text='As “The Honorable {name}”.', max_length=80, validators=[letters.models.recipients.recipient_lists.validate_names_a_person], verbose_name='name on envelopes')),
                ('finder', models.CharField(choices=[('us_state', "U.S. Congress: everybody of the writer's state"), ('us_district', "U.S. Congress: whoever holds the writer's district"), ('everybody', 'everybody on the list'), ('country', "by the writer's country"), ('postal_code', 'by postal code, from a table of areas'), ('choice', 'the writer chooses')], default='everybody', help_text='The form asks for what this needs, and for nothing else.', max_length=20, verbose_name='how writers find theirs')),
                ('office_code', models.CharField(blank=True, help_text='Under which a receiving system knows them, such as S{area}0{seat}; empty: the ID in the directory.', max_length=40, verbose_name='codes of offices')),
                ('source', models.CharField(blank=True, help_text='Where its members come from.', max_length=300, verbose_name='source')),
                ('as_of', models.DateField(blank=True, help_text='The day of the source.', null=True, verbose_name='as of')),
            ],
            options={
                'verbose_name': 'list of recipients',
                'verbose_name_plural': 'lists of recipients',
                'ordering': ['pk'],
            },
        ),
        migrations.RunSQL(SENATE, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='office',
            name='office_one_in_each_seat',
        ),
        migrations.RemoveConstraint(
            model_name='office',
            name='office_class_is_1_to_3',
        ),
        migrations.RemoveConstraint(
            model_name='office',
            name='office_state_has_senators',
        ),
        migrations.AlterField(
            model_name='office',
            name='state',
            field=models.CharField(blank=True, db_column='state', help_text='Code of the area whose residents write here, such as NM, NM-03 or DE; what stands before the hyphen is the state or country.', max_length=40, verbose_name='area'),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RenameField(model_name='office', old_name='state', new_name='area')]),  # the column keeps its name
        migrations.AlterField(
            model_name='office',
            name='senate_class',
            field=models.PositiveSmallIntegerField(blank=True, db_column='senate_class', help_text="A senator's class; 1 where an area has one seat. Whoever holds the seat next is the successor.", null=True, verbose_name='seat'),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RenameField(model_name='office', old_name='senate_class', new_name='seat')]),  # the column keeps its name
        migrations.AlterField(
            model_name='office',
            name='bioguide',
            field=models.CharField(blank=True, db_column='bioguide', help_text="A senator's Bioguide ID; of other lists, the list's short name and the source's ID. Leave it empty if there is none yet: the import that brings it finds the person by seat and name.", max_length=80, unique=True, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9-]*$')], verbose_name='ID in the directory'),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RenameField(model_name='office', old_name='bioguide', new_name='directory_id')]),  # the column keeps its name
        migrations.AddField(
            model_name='lettercampaign',
            name='list_slugs',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(), db_default=['us-senate'], default=letters.models.campaigns.default_lists, help_text='Everybody writes to whomever they find on these lists, in one submission.', verbose_name='addressed to'),
        ),
        migrations.AddField(
            model_name='office',
            name='area_name',
            field=models.CharField(blank=True, db_default='', help_text='As it is written in letters.', max_length=80, verbose_name='name of the area'),
        ),
        migrations.AlterField(
            model_name='constituent',
            name='state',
            field=models.CharField(blank=True, choices=[('AL', 'Alabama'), ('AK', 'Alaska'), ('AZ', 'Arizona'), ('AR', 'Arkansas'), ('CA', 'California'), ('CO', 'Colorado'), ('CT', 'Connecticut'), ('DE', 'Delaware'), ('FL', 'Florida'), ('GA', 'Georgia'), ('HI', 'Hawaii'), ('ID', 'Idaho'), ('IL', 'Illinois'), ('IN', 'Indiana'), ('IA', 'Iowa'), ('KS', 'Kansas'), ('KY', 'Kentucky'), ('LA', 'Louisiana'), ('ME', 'Maine'), ('MD', 'Maryland'), ('MA', 'Massachusetts'), ('MI', 'Michigan'), ('MN', 'Minnesota'), ('MS', 'Mississippi'), ('MO', 'Missouri'), ('MT', 'Montana'), ('NE', 'Nebraska'), ('NV', 'Nevada'), ('NH', 'New Hampshire'), ('NJ', 'New Jersey'), ('NM', 'New Mexico'), ('NY', 'New York'), ('NC', 'North Carolina'), ('ND', 'North Dakota'), ('OH', 'Ohio'), ('OK', 'Oklahoma'), ('OR', 'Oregon'), ('PA', 'Pennsylvania'), ('RI', 'Rhode Island'), ('SC', 'South Carolina'), ('SD', 'South Dakota'), ('TN', 'Tennessee'), ('TX', 'Texas'), ('UT', 'Utah'), ('VT', 'Vermont'), ('VA', 'Virginia'), ('WA', 'Washington'), ('WV', 'West Virginia'), ('WI', 'Wisconsin'), ('WY', 'Wyoming'), ('DC', 'District of Columbia'), ('AS', 'American Samoa'), ('GU', 'Guam'), ('MP', 'Northern Mariana Islands'), ('PR', 'Puerto Rico'), ('VI', 'U.S. Virgin Islands')], help_text='Of the United States, where they live, or live by law; empty: abroad.', max_length=2, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='office',
            name='last_name',
            field=models.CharField(help_text='As after “Dear”.', max_length=60, verbose_name='last name'),
        ),
        migrations.AlterField(
            model_name='office',
            name='name',
            field=models.CharField(help_text='As the person uses it, such as “Ben Ray Luján”.', max_length=100, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='office',
            name='party',
            field=models.CharField(blank=True, max_length=60, verbose_name='party'),
        ),
        migrations.AlterField(
            model_name='office',
            name='term_ends_on',
            field=models.DateField(blank=True, help_text='The last day of this term; then the office is listed to be looked into.', null=True, verbose_name='term ends on'),
        ),
        migrations.AlterField(
            model_name='office',
            name='term_starts_on',
            field=models.DateField(blank=True, help_text='The first day of this term, if there are terms.', null=True, verbose_name='term starts on'),
        ),
        migrations.AddField(
            model_name='office',
            name='recipient_list',
            field=models.ForeignKey(db_default='us-senate', help_text='The list of recipients that this is one of.', on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='letters.recipientlist', to_field='slug', verbose_name='list'),
        ),
        migrations.AlterModelOptions(
            name='office',
            options={'ordering': ('recipient_list', 'area', 'seat', 'last_name', 'pk'), 'verbose_name': 'office', 'verbose_name_plural': 'offices'},
        ),
        migrations.AlterModelOptions(
            name='position',
            options={'ordering': ['office__recipient_list', 'office__area', 'office__seat', 'office__last_name', 'office__pk'], 'verbose_name': 'position', 'verbose_name_plural': 'positions'},
        ),
        migrations.RunSQL(SEATS, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(state_operations=[
        migrations.AddConstraint(
            model_name='office',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('recipient_list', 'area', 'seat'), name='office_one_in_each_seat', violation_error_message='This seat already has somebody in office.'),
        ),
        ]),
        AddConstraintNotValid(
            model_name='office',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recipient_list', 'us-senate'), _negated=True), models.Q(('seat__in', [1, 2, 3]), ('seat__isnull', False)), _connector='OR'), name='office_class_is_1_to_3'),
        ),
        AddConstraintNotValid(
            model_name='office',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recipient_list', 'us-senate'), _negated=True), ('area__in', ['AL', 'AK', 'AZ', 'AR', 'CA', 'CO', 'CT', 'DE', 'FL', 'GA', 'HI', 'ID', 'IL', 'IN', 'IA', 'KS', 'KY', 'LA', 'ME', 'MD', 'MA', 'MI', 'MN', 'MS', 'MO', 'MT', 'NE', 'NV', 'NH', 'NJ', 'NM', 'NY', 'NC', 'ND', 'OH', 'OK', 'OR', 'PA', 'RI', 'SC', 'SD', 'TN', 'TX', 'UT', 'VT', 'VA', 'WA', 'WV', 'WI', 'WY']), _connector='OR'), name='office_state_has_senators'),
        ),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
    ]
