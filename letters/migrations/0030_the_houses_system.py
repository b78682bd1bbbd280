"""The House's own system is a channel, which can be paused before it was ever used."""

import django.contrib.postgres.fields
from django.db import migrations, models


ROWS = """
    INSERT INTO letters_channelstatus (name, paused_because, open_offices) VALUES ('house_api', '', '[]')
    ON CONFLICT (name) DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0029_stands_and_paragraphs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='attempt',
            name='channel',
            field=models.CharField(choices=[('senate_api', 'Senate API'), ('house_api', 'House API'), ('email', 'e-mail'), ('contact_form', 'contact form, by the constituent'), ('print', 'print and post'), ('sandbox', 'sandbox (rehearsal: nothing is sent)')], max_length=20, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='channelstatus',
            name='name',
            field=models.CharField(choices=[('senate_api', 'Senate API'), ('house_api', 'House API'), ('email', 'e-mail'), ('contact_form', 'contact form, by the constituent'), ('print', 'print and post'), ('sandbox', 'sandbox (rehearsal: nothing is sent)')], max_length=20, unique=True, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='bound_to',
            field=models.CharField(blank=True, choices=[('senate_api', 'Senate API'), ('house_api', 'House API'), ('email', 'e-mail'), ('contact_form', 'contact form, by the constituent'), ('print', 'print and post'), ('sandbox', 'sandbox (rehearsal: nothing is sent)')], help_text='This channel may already have the letter; it knows a repetition, another would not.', max_length=20, verbose_name='only by'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='channel',
            field=models.CharField(blank=True, choices=[('senate_api', 'Senate API'), ('house_api', 'House API'), ('email', 'e-mail'), ('contact_form', 'contact form, by the constituent'), ('print', 'print and post'), ('sandbox', 'sandbox (rehearsal: nothing is sent)')], max_length=20, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='queued_for',
            field=models.CharField(blank=True, choices=[('senate_api', 'Senate API'), ('house_api', 'House API'), ('email', 'e-mail'), ('contact_form', 'contact form, by the constituent'), ('print', 'print and post'), ('sandbox', 'sandbox (rehearsal: nothing is sent)')], max_length=20, verbose_name='in line for'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='returned_by',
            field=models.CharField(blank=True, choices=[('senate_api', 'Senate API'), ('house_api', 'House API'), ('email', 'e-mail'), ('contact_form', 'contact form, by the constituent'), ('print', 'print and post'), ('sandbox', 'sandbox (rehearsal: nothing is sent)')], db_default='', default='', help_text='It goes by this channel again only if staff send it again.', max_length=20, verbose_name='came back by'),
        ),
        migrations.AlterField(
            model_name='lettercampaign',
            name='bill_type',
            field=models.CharField(choices=[('S.', 'S.'), ('S.Amdt.', 'S.Amdt.'), ('S.Con.Res.', 'S.Con.Res.'), ('S.J.Res.', 'S.J.Res.'), ('S.Res.', 'S.Res.'), ('H.R.', 'H.R.'), ('H.Amdt.', 'H.Amdt.'), ('H.Con.Res', 'H.Con.Res'), ('H.J.Res.', 'H.J.Res.'), ('H.Res.', 'H.Res.')], default='S.Res.', help_text='As Congress cites it.', max_length=12, verbose_name='kind of bill'),
        ),
        migrations.AlterField(
            model_name='office',
            name='channels',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('senate_api', 'Senate API'), ('house_api', 'House API'), ('email', 'e-mail'), ('contact_form', 'contact form, by the constituent'), ('print', 'print and post'), ('sandbox', 'sandbox (rehearsal: nothing is sent)')], max_length=20), blank=True, default=list, help_text='In order of preference, separated by commas, out of: senate_api, house_api, email, contact_form, print, sandbox. Empty: this order.', verbose_name='channels'),
        ),
        migrations.AlterField(
            model_name='office',
            name='is_senate_api_stopped',
            field=models.BooleanField(default=False, help_text='The office asked for it: letters that wait go another way at once.', verbose_name="no letters by the Senate's or House's API"),
        ),
        migrations.RunSQL(ROWS, migrations.RunSQL.noop),
    ]
