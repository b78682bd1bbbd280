"""Tell faults to Sentry, or to a service that speaks like it, if `SENTRY_DSN` names one: what failed and where.

No form, cookie, header, address of a page, variable, mail address or person goes along. What words are left are
scrubbed as those of the logs are.
"""

import re
from typing import Any

from campaign.observability import request_ids
from campaign.observability.logs import scrubbed

ROW = re.compile(r"\n(?:DETAIL|CONTEXT):.*", re.DOTALL)
KEPT = {"exception", "level", "logger", "message", "logentry", "platform", "timestamp", "event_id", "release", "tags"}


def begin(dsn: str) -> None:
    """Tell faults from now on; without an address, do nothing."""
    if dsn:
        import sentry_sdk  # noqa: PLC0415  # many modules, which few sites need

        sentry_sdk.init(
            dsn,
            before_send=scrubbed_event,
            max_breadcrumbs=0,
            include_local_variables=False,
            max_request_body_size="never",
            send_default_pii=False,
            server_name="",
            traces_sample_rate=None,
            trace_propagation_targets=[],  # no server elsewhere is told of it
            auto_session_tracking=False,
        )


def scrubbed_event(event: Any, hint: dict[str, Any]) -> Any:
    """Return what is told of a fault: its kind and words, scrubbed, and the lines of code that it went through."""
    told = words_scrubbed({name: value for name, value in event.items() if name in KEPT})
    return {**told, "tags": {"request": request_ids.current()}}


def words_scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrubbed(ROW.sub("", value))  # what PostgreSQL says of the row that it refused
    if isinstance(value, dict):
        return {name: words_scrubbed(part) for name, part in value.items() if name != "vars"}
    return [words_scrubbed(part) for part in value] if isinstance(value, list | tuple) else value
