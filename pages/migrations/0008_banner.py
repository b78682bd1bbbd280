from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pages", "0007_media_library")]

    operations = [
        migrations.AddField(
            model_name='sitesettings',
            name='banner',
            field=models.TextField(blank=True, help_text='A sentence or two at the top of every page; empty for none.', verbose_name='urgent notice'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='banner_from',
            field=models.DateTimeField(blank=True, help_text='Shown with the notice. Empty: at once.', null=True, verbose_name='notice from'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='banner_until',
            field=models.DateTimeField(blank=True, help_text='Then it disappears by itself.', null=True, verbose_name='notice until'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='banner_url',
            field=models.URLField(blank=True, help_text='The address that the notice leads to.', verbose_name='where to read more'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='contact_details',
            field=models.TextField(blank=True, help_text='Shown on the page “Contact”, line by line.', verbose_name='postal address and telephone'),
        ),
        migrations.AddConstraint(
            model_name='sitesettings',
            constraint=models.CheckConstraint(condition=models.Q(('banner_from', None), ('banner_until', None), ('banner_from__lt', models.F('banner_until')), _connector='OR'), name='banner_ends_after_it_begins', violation_error_message='The urgent notice must begin before it ends.'),
        ),
    ]
