"""Keep email addresses and tokens of links out of the logs."""

import logging
import re

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


LOG_CONFIG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"scrub": {"()": "campaign.logs.Scrub"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["scrub"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.server": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
