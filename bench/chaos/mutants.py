"""`make chaos-mutants`: the code is broken on purpose, one way after another, and something must notice.

Each breakage is an exact replacement of a text that stands once in a file of a temporary copy; should the text have
changed, that is an error and no success. Exit code 1 if a breakage survives its tests.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import parts
from standalone import paths
from standalone.paths import ROOT, Trouble
from standalone.servers import services
from standalone.supervision.interruption import Interruption
from standalone.supervision.supervisor import Supervisor

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".tools", ".*_cache", "var", "__pycache__")
FAILED = re.compile(r"^FAILED \S+::(\w+)", re.MULTILINE)
TESTS_FAILED = 1  # of pytest


@dataclass(frozen=True)
class Mutant:
    name: str
    path: str
    text: str
    broken: str
    tests: tuple[str, ...]
    is_of_schema: bool = False  # its tests need a database made anew


MUTANTS = (
    Mutant(
        "the unique constraint of signatures is gone",
        "petitions/migrations/0001_initial.py",
        "models.UniqueConstraint(fields=('petition', 'fingerprint'), name='signature_once_per_address')",
        "models.CheckConstraint(condition=~models.Q(state=''), name='signature_once_per_address')",
        ("tests/petitions/test_signing.py::test_one_signature_per_address_is_a_constraint_of_the_database",),
        is_of_schema=True,
    ),
    Mutant(
        "confirming takes no row lock",
        "petitions/models/signature.py",
        'return mine.select_for_update(of=("self",)).order_by("pk")',
        'return mine.order_by("pk")',
        ("tests/petitions/test_confirming_together.py::test_a_link_used_in_two_processes_at_once_counts_once",),
    ),
    Mutant(
        "a worker's token is not checked",
        "campaign/outbox/claims.py",
        "WHERE outbox_item.id = named.id AND outbox_item.token = named.token AND state = 'published'",
        "WHERE outbox_item.id = named.id AND state IN ('published', 'running')",
        ("tests/outbox/test_execution.py::test_a_message_of_an_older_token_wins_nothing",),
    ),
    Mutant(
        "a mail is marked as sent before it is",
        "campaign/mail/handler.py",
        "            outcome = Done() if mail is None else outage or "
        "send_if_held(item, mail, connection, is_for_staff)\n",
        "            yield item, Done()\n"
        "            outcome = Done() if mail is None else outage or "
        "send_if_held(item, mail, connection, is_for_staff)\n"
        "            continue\n",
        ("tests/outbox/test_mail.py::test_a_repeated_mail_carries_the_same_message_id",),
    ),
    Mutant(
        "a letter leaves before that is noted",
        "letters/delivery/channels/email.py",
        "        self.open()\n        code, reply = type(smtp).data(smtp, text)\n",
        "        code, reply = type(smtp).data(smtp, text)\n        self.open()\n",
        (
            "tests/letters/test_email_channel.py::test_a_line_that_breaks_after_the_text_was_sent_leaves_the_letter_unknown_for_staff",
        ),
    ),
    Mutant(
        "a letter that may have arrived is sent again",
        "letters/delivery/outcomes.py",
        "    if attempt.phase == Phase.COMPOSING or make_channel(attempt.channel).is_repeatable:\n",
        "    if attempt.phase in Phase or make_channel(attempt.channel).is_repeatable:\n",
        (
            "tests/letters/test_email_channel.py::test_a_worker_killed_after_the_text_left_makes_the_letter_unknown_and_never_a_second_one",
        ),
    ),
    Mutant(
        "a signature is counted twice",
        "petitions/counting/events.py",
        "UPDATE petitions_tally t SET count = t.count + sums.change FROM sums",
        "UPDATE petitions_tally t SET count = t.count + 2 * sums.change FROM sums",
        ("tests/petitions/test_counting.py::test_any_sequence_of_changes_ends_with_equal_counts",),
    ),
    Mutant(
        "work is lost when its handler raises",
        "campaign/outbox/execution.py",
        "    for item in items:\n        settle(item, outcome, handler, endings)\n",
        "    for item in items:\n        settle(item, Done(), handler, endings)\n",
        ("tests/outbox/test_execution.py::test_poison_in_a_batch_spoils_nobody_elses_work",),
    ),
    Mutant(
        "a worker that was overtaken takes the allowance",
        "campaign/mail/handler.py",
        "    held = claims.hold(items)\n",
        "    held = list(items)\n",
        ("tests/outbox/test_overtaken.py::test_an_overtaken_worker_takes_no_allowance",),
    ),
    Mutant(
        "leases are ignored",
        "campaign/outbox/models.py",
        "        return self.in_flight().filter(leased_until__lt=Now())\n",
        "        return self.in_flight()\n",
        ("tests/outbox/test_execution.py::test_a_claimed_row_is_not_claimed_again_before_its_lease_ends",),
    ),
    Mutant(
        "personal pages may be stored",
        "campaign/web/decorators.py",
        'PERSONAL = {"Cache-Control": "no-store", ',
        'PERSONAL = {"Cache-Control": "public, max-age=600", ',
        (
            "tests/petitions/test_neighbours.py::test_pages_with_a_token_are_not_stored_send_no_referrer_and_lead_to_an_address_without_it",
        ),
    ),
    Mutant(
        "reconcile does nothing",
        "campaign/outbox/maintenance/reconcile.py",
        "    return released | {path: import_string(path)() for path in [*restored, *settings.RECONCILES]}\n",
        "    return released | {path: 0 for path in [*restored, *settings.RECONCILES] if import_string(path)}\n",
        ("tests/letters/test_reconciling.py::test_a_ready_letter_whose_work_is_gone_is_delivered_after_all_and_once",),
    ),
    Mutant(
        "a result is recorded whether the work is still held or not",
        "campaign/outbox/execution.py",
        "        is_held = bool(claims.finish([item]))\n        if is_held:\n            outcome.record()\n",
        "        outcome.record()\n        is_held = bool(claims.finish([item]))\n",
        ("tests/outbox/test_execution.py::test_a_result_that_comes_too_late_records_nothing",),
    ),
    Mutant(
        "erasing leaves the address in the outbox",
        "petitions/signing/confirming.py",
        "    queue.forget([CONFIRMATION, *FOLLOW_UPS], [signature.pk])\n    journal.record(",
        "    journal.record(",
        (
            "tests/petitions/test_reminding.py::test_whoever_needs_it_no_more_takes_the_address_out_also_after_the_mail_was_sent_again",
        ),
    ),
)


def mutated(mutant: Mutant, code: str) -> str:
    """Return the broken code. Raises Trouble unless the text to replace stands in it exactly once."""
    if code.count(mutant.text) != 1:
        raise Trouble(f"{mutant.name}: {mutant.path} has the text to replace {code.count(mutant.text)} times, not once")
    return code.replace(mutant.text, mutant.broken)


@contextmanager
def broken(mutant: Mutant, tree: Path) -> Iterator[None]:
    path = tree / mutant.path
    code = path.read_text()
    path.write_text(mutated(mutant, code))
    try:
        yield
    finally:
        path.write_text(code)


def run_tests(tree: Path, tests: tuple[str, ...], environment: Mapping[str, str], *, anew: bool) -> tuple[int, str]:
    """Return pytest's exit code, and what it printed."""
    database = "--create-db" if anew else "--reuse-db"
    flags = ["-n0", "-q", "-x", "-p", "no:cacheprovider", database]
    command = [sys.executable, "-m", "pytest", *flags, *tests]
    done = subprocess.run(command, cwd=tree, env=dict(environment), capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def caught_by(mutant: Mutant, tree: Path, environment: Mapping[str, str]) -> str:
    """Return the test that notices; empty if none does. Raises Trouble if the tests could not be run."""
    with broken(mutant, tree):
        code, output = run_tests(tree, mutant.tests, environment, anew=mutant.is_of_schema)
    if code not in {0, TESTS_FAILED}:
        raise Trouble(f"{mutant.name}: the tests could not be run:\n{output[-2000:]}")
    found = FAILED.search(output)
    return found[1] if found else ""


def break_each(mutants: Sequence[Mutant]) -> int:
    """Print which test notices each breakage; return 1 if one survives."""
    interruption = Interruption()
    survivors = []
    with (
        tempfile.TemporaryDirectory(prefix="campaign-mutants-") as folder,
        paths.throw_away_home() as home,
        Supervisor(interruption) as supervisor,
    ):
        tree = Path(shutil.copytree(ROOT, Path(folder) / "tree", ignore=NOT_COPIED))
        urls = services.start(supervisor, home, {"PATH": os.environ["PATH"]})
        environment = {**os.environ, **urls, "PYTHONDONTWRITEBYTECODE": "1"}
        every_test = tuple(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
        code, output = run_tests(tree, every_test, environment, anew=True)
        if code:
            raise Trouble(f"the tests fail before anything is broken:\n{output[-3000:]}")
        for mutant in sorted(mutants, key=lambda mutant: mutant.is_of_schema):
            interruption.pause(0)
            name = caught_by(mutant, tree, environment)
            print(f"{mutant.name:<60} {name or 'SURVIVES'}", flush=True)
            survivors += [] if name else [mutant]
    print(f"{len(mutants) - len(survivors)} of {len(mutants)} breakages were noticed")
    return 1 if survivors else 0


def main() -> int:
    return break_each(MUTANTS)


if __name__ == "__main__":
    parts.run(main)
