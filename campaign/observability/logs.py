"""How the site logs: lines for people or JSON for machines, without email addresses and tokens of links."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from campaign.observability import request_ids

ANY_ADDRESS = re.compile(r"[^\s<>\"'=]+@[^\s<>\"',;]+")
TOKEN_IN_PATH = re.compile(
    r"(/(?:confirm|track|unsubscribe|leave|mine|not-me|preview|stop|admin/(?:address|invitation))/)[^/\s?\"']+"
)
PARAMETER = re.compile(r"\?[^\s\"']+")


def scrubbed(text: str) -> str:
    """Return `text` without email addresses, tokens in paths, and query strings.

    >>> scrubbed("GET /petitions/confirm/abc123/?to=x by ana@example.org")
    'GET /petitions/confirm/[token]/?[...] by [address]'
    """
    return ANY_ADDRESS.sub("[address]", PARAMETER.sub("?[...]", TOKEN_IN_PATH.sub(r"\1[token]", text)))


class Scrub(logging.Filter):
    """Rewrites the finished message and traceback; a request's own error (4xx) becomes one line of warning."""

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info, record.levelno, record.levelname = None, logging.WARNING, "WARNING"
        record.msg, record.args = scrubbed(record.getMessage()), None
        if record.exc_info:
            record.exc_text = scrubbed(logging.Formatter().formatException(record.exc_info))
        return True


class NameRequest(logging.Filter):
    """Adds the id of the request that is answered, or of those whose work is done."""

    def filter(self, record: logging.LogRecord) -> bool:
        known = request_ids.current()
        vars(record).update(request_id=known, of_request=f" [{known}]" if known else "")
        return True


class JsonFormatter(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, request if there is one, and error with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        more = {"request": getattr(record, "request_id", ""), "error": self.error_of(record)}
        return json.dumps({**told, **{name: text for name, text in more.items() if text}}, ensure_ascii=False)

    def error_of(self, record: logging.LogRecord) -> str:
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        return record.exc_text or ""


LINE, JSON = "line", "json"


def config(form: str) -> dict[str, Any]:
    """Return the settings of `logging` for lines or JSON."""
    filters = ["scrub", "request"]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            LINE: {"format": "%(asctime)s %(levelname)s %(name)s%(of_request)s %(message)s"},
            JSON: {"()": "campaign.observability.logs.JsonFormatter"},
        },
        "filters": {
            "scrub": {"()": "campaign.observability.logs.Scrub"},
            "request": {"()": "campaign.observability.logs.NameRequest"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form, "filters": filters}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {"django.server": {"handlers": ["console"], "level": "INFO", "propagate": False}},
    }
