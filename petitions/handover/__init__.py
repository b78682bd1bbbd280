"""Hand a petition over: export all confirmed signatures, still sealed, to be opened elsewhere with the private key.

`export_file` writes and checks the file, `approval` sees that no single person takes it, `unseal` opens it without a
database, `tables` and `signature_book` turn it into what the addressee gets.

The file is text. Its first line, in JSON, names the petition, its wordings and public keys; then comes one line for
each signature, in the order of signing, with tab-separated cells; the last line, in JSON, holds the counts and the
SHA-256 of all lines before it. A line whose sealed cell is empty still counts, but its name was deleted at the end of
its retention; the last line gives the number of such lines (`cleared`).
"""
