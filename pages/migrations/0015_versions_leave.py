from django.db import migrations


class Migration(migrations.Migration):
    """The table stays as it is: campaign.revisions has the model from now on."""

    dependencies = [
        ("pages", "0014_issue_segment"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Version")]),
    ]
