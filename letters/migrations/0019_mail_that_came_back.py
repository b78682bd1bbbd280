"""A letter and an office remember mail that came back; a letter keeps the automatic answer to it."""

import campaign.secrecy.encryption
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0018_lists_of_senators'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='automatic_answer',
            field=campaign.secrecy.encryption.EncryptedTextField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='returned_by',
            field=models.CharField(blank=True, choices=[('senate_api', 'Senate API'), ('email', 'e-mail'), ('contact_form', 'contact form, by the constituent'), ('print', 'print and post'), ('sandbox', 'sandbox (rehearsal: nothing is sent)')], db_default='', default='', help_text='It goes by this channel again only if staff send it again.', max_length=20, verbose_name='came back by'),
        ),
        migrations.AddField(
            model_name='office',
            name='email_returned_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='mail came back at'),
        ),
        migrations.AddField(
            model_name='office',
            name='email_returned_because',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=300, verbose_name='mail came back because'),
        ),
        migrations.AddField(
            model_name='office',
            name='is_email_stopped',
            field=models.BooleanField(db_default=False, default=False, help_text='Mail came back because there is no such address, or was called spam: letters go another way.', verbose_name='no letters by e-mail'),
        ),
    ]
