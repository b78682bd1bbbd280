"""One message to the mail server, and what becomes of the item that it was made for."""

from collections.abc import Callable
from typing import Any

from campaign.outbox import answers
from campaign.outbox.answers import Meaning
from campaign.outbox.handlers import Done, Outcome, Refused, Retry
from campaign.outbox.models import OUTAGE

# A confirmation that came twice does no harm, so a line that broke is tried again like a mail that was deferred.
OUTCOMES: dict[Meaning, Callable[[str], Outcome]] = {
    Meaning.REFUSED: lambda why: Refused(f"refused by the mail server: {why}"),
    Meaning.DEFERRED: lambda why: Retry(f"deferred by the mail server: {why}"),
    Meaning.BROKEN: lambda why: Retry(f"the mail server hung up: {why}"),
    Meaning.UNUSABLE: lambda why: Retry(f"{OUTAGE}: {why}", is_spent=False),
}


def send(message: Any, connection: Any) -> Outcome:
    try:
        connection.open()
    except answers.ERRORS as error:
        return outcome_of(error, Meaning.UNUSABLE, connection)
    try:
        connection.send_messages([message])
    except answers.ERRORS as error:
        return outcome_of(error, answers.meaning(error), connection)
    return Done()


def outcome_of(error: Exception, meaning: Meaning, connection: Any) -> Outcome:
    if meaning is not Meaning.REFUSED:
        close(connection)
    return OUTCOMES[meaning](named(error))


def named(error: Exception) -> str:
    """The words of a server may hold the address, so only its number is kept."""
    answer = answers.answer_about(error)
    code = answer[0] if answer else getattr(error, "smtp_code", None) or getattr(error, "status_code", None)
    return str(code or type(error).__name__)


def is_outage(outcome: Outcome) -> bool:
    return isinstance(outcome, Retry) and not outcome.is_spent


def close(connection: Any) -> None:
    """A connection that is already broken may fail to say goodbye."""
    try:
        connection.close()
    except answers.ERRORS:
        connection.connection = None
