from django.db import migrations

from campaign.protection.models import canonical


def canonicalise(apps, schema_editor):
    """Of two that become one the first stays."""
    rules = apps.get_model("protection", "DomainRule").objects
    for rule in rules.order_by("pk"):
        pattern = canonical(rule.pattern)
        if pattern != rule.pattern and not rules.filter(pattern=pattern).exists():
            rules.filter(pk=rule.pk).update(pattern=pattern)


class Migration(migrations.Migration):
    dependencies = [("protection", "0004_sitepause")]

    operations = [migrations.RunPython(canonicalise, migrations.RunPython.noop)]
