"""What staff read speaks of recipients, not of senators; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0027_letters_in_other_languages'),
    ]

    operations = [
        migrations.AlterField(
            model_name='lettercampaign',
            name='alternative_url',
            field=models.CharField(blank=True, help_text='Such as the petition; offered to whoever finds nobody on the lists.', max_length=300, verbose_name='link for those with nobody to write to'),
        ),
        migrations.AlterField(
            model_name='lettercampaign',
            name='ask',
            field=models.TextField(help_text='One clear ask, in one or two sentences.', verbose_name='what is asked of them'),
        ),
        migrations.AlterField(
            model_name='lettercampaign',
            name='body_for_supporters',
            field=models.TextField(blank=True, help_text='To those whose position is recorded as supporting: thanks instead of the request.', verbose_name='text for supporters'),
        ),
        migrations.AlterField(
            model_name='lettercampaign',
            name='default_body',
            field=models.TextField(help_text='In English. It begins with “Dear [recipient],” and ends before “Sincerely”: name and address are added. [recipient], [bill], [name], [city] and [state] are replaced; everything else stands as it is written here.', verbose_name='text of the letter'),
        ),
        migrations.AlterField(
            model_name='lettercampaigntext',
            name='ask',
            field=models.TextField(help_text='One clear ask, in one or two sentences.', verbose_name='what is asked of them'),
        ),
        migrations.AlterConstraint(
            model_name='position',
            name='position_once',
            constraint=models.UniqueConstraint(fields=('campaign', 'office'), name='position_once', violation_error_message="This office's position is recorded already."),
        ),
    ]
