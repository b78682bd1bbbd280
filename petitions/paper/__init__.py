"""Signatures collected on paper: files of rows, sheets that are printed, returned and typed.

A file's way in: `records` cuts it into records, `rows` reads a record as a person, `sealing` seals a chunk of persons
while `storing` puts the one before into the database in one transaction, `importing` leads the whole and can go on
where it stopped, `undoing` takes a batch back exactly. From a sheet, `entering` stores what was typed
instead, and compares the sample that is typed again.
"""
