"""Forward secrecy: what is readable only until something is done is sealed under the key of a period.

    box = boxes.seal(b"...", Purpose.SHORT)      in the web process, which needs the public half alone
    boxes.open_box(box)                          where KEY_FOLDER is

Periods follow one another (`rotation.py`). What still waits when one has ended is sealed anew, and the private half of
its key, a file that stands neither in the database nor in a backup, is destroyed. So a copy of the database with its
log and every key opens nothing of what was done the day before: docs/decisions/0040-keys-of-a-period.md.
"""
