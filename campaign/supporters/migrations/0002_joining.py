from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supporters", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="subscriber",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "pending"),
                    ("joining", "confirmed; joins with others"),
                    ("confirmed", "confirmed"),
                    ("unsubscribed", "unsubscribed"),
                ],
                default="pending",
                max_length=12,
                verbose_name="state",
            ),
        ),
    ]
