from cryptography.fernet import InvalidToken
from django.db import migrations

from campaign.secrecy.encryption import TIMELESS, decrypt_bytes
from campaign.secrecy.periods import boxes
from campaign.secrecy.periods.keys import Purpose

BATCH = 1000
SELECT = """
    SELECT id, detail FROM letters_attempt
    WHERE id > %s AND substring(detail FROM 1 FOR %s) = %s ORDER BY id LIMIT %s
"""


def seal_anew(apps, schema_editor):
    """Seal under the key of a week what was encrypted under FIELD_KEYS; what these do not open is left as it is."""
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(SELECT, [last, len(TIMELESS), TIMELESS, BATCH])
            rows = cursor.fetchall()
            if not rows:
                return
            for last, box in rows:
                try:
                    sealed = boxes.seal(decrypt_bytes(box), Purpose.LONG)
                except InvalidToken:
                    continue
                cursor.execute("UPDATE letters_attempt SET detail = %s WHERE id = %s", [sealed, last])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("letters", "0031_longest_wording"),
        ("secrecy", "0001_initial"),
    ]

    operations = [migrations.RunPython(seal_anew, migrations.RunPython.noop)]
