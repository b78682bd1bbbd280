"""What waits is given its office and its outbox item, and the line an index of its own; nothing is locked meanwhile.

Code that runs beside this knows of neither: what it puts into the line asks again after some hours, and of what it puts
into the outbox the handler finds that it was taken back.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

OFFICES = """
    UPDATE letters_delivery d SET queued_office_id = l.office_id
    FROM letters_letter l WHERE l.id = d.letter_id AND d.queued_for <> ''
"""
ITEMS = """
    UPDATE letters_delivery d SET queued_item = i.id
    FROM outbox_item i WHERE i.kind LIKE 'letters.delivery%' AND d.id = (i.payload ->> 'delivery')::bigint
"""



class Migration(migrations.Migration):
    atomic = False
    dependencies = [("letters", "0008_line"), ("outbox", "0001_initial")]

    operations = [
        migrations.RunSQL([OFFICES, ITEMS], migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("queued_for", ""), _negated=True),
                fields=["queued_for", "queued_office", "ready_at", "id"],
                name="delivery_in_line_by_office",
            ),
        ),
        AddIndexConcurrently(
            model_name="delivery", index=models.Index(fields=["ready_at", "id"], name="delivery_oldest_first")
        ),
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("held_because", ""), _negated=True), fields=["ready_at"], name="delivery_held"
            ),
        ),
        RemoveIndexConcurrently(model_name="delivery", name="delivery_in_line"),
    ]
