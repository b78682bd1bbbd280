"""Signatures collected on paper: uploaded files of rows, and sheets that are printed, returned and typed.

In `imports`, `records` cuts a file into records and `rows` reads each as a person; `sealing` seals a chunk of persons
while `storage` stores the chunk before it, in one transaction. `loading` drives all of this and can resume where it
stopped; `undo` takes a batch back. In `sheets`, `data_entry` stores rows that were typed, and compares the sample that
is typed again.
"""
