"""Paper signatures in the admin: batches of rows, sheets, and the pages where sheets are typed."""
