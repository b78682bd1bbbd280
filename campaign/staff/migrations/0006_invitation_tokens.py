from django.db import migrations, models

from campaign.secrecy import tokens


def give_tokens(apps, schema_editor):
    """Links that were mailed before open nothing any more; the invitation can be sent again."""
    for invitation in apps.get_model("staff", "Invitation").objects.all():
        invitation.nonce = tokens.new_nonce()
        invitation.token_digest = tokens.digest(tokens.token_for(invitation.nonce, "staff-invitation"))
        invitation.save(update_fields=["nonce", "token_digest"])


class Migration(migrations.Migration):
    atomic = False  # rows that were changed in a transaction keep it from changing the table

    dependencies = [("staff", "0005_invitations")]

    operations = [
        migrations.AddField("invitation", "nonce", models.BinaryField(editable=False, null=True)),
        migrations.AddField("invitation", "token_digest", models.BinaryField(editable=False, null=True)),
        migrations.RunPython(give_tokens, migrations.RunPython.noop),
        migrations.AlterField("invitation", "nonce", models.BinaryField(editable=False)),
        migrations.AlterField("invitation", "token_digest", models.BinaryField(editable=False, unique=True)),
    ]
