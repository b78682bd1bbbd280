"""Handing a petition over: all confirmed signatures, still sealed, in one file; opened elsewhere with the private key.

`parcels` writes and reads the file, `approving` sees that no single person takes it, `unsealing` opens it without a
database, `tables` and `book` make of it what the addressee gets.

A parcel is text. Its first line, JSON, names the petition, its wordings and public keys; then comes one line for each
signature, in the order of signing, with cells parted by tabs; the last line, JSON, holds the counts and the SHA-256 of
all lines before it. A line without a sealed cell counts, but its name was deleted when its time to be kept was over;
the last line says how many there are (`cleared`).
"""
