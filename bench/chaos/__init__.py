"""Faults under load: the whole site runs, people use it, parts of it fail, and a checker says what became of every act.

visitors.py      they sign, confirm, withdraw, write letters, take them back, subscribe and leave
mail_server.py   takes mail, keeps a record of it, and answers as badly as it is told to
network.py       paths to the database, to Redis and to the mail server that can be cut, slowed and silenced
running_site.py  a site whose processes are kept up and can be signalled
stack.py         its servers and processes on one machine
faults/          what can go wrong: each is injected and healed
evidence/        what visitors asked for and were told (ledger.py), what the database says in the end (rows.py), and the
                 invariants, as pure functions of both and of the mails (checker.py)
witness.py       what became of everybody, asked of all of these
upgrade.py       a release that becomes the next one while people use it
mutants.py       breakages of the code that the tests or the checker must notice
"""
