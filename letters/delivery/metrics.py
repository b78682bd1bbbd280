"""What machines are told about letters (`METRICS` in the settings)."""

from collections.abc import Iterator

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from campaign.observability.metrics import MOST
from letters.models import Delivery, LetterTally
from letters.models.deliveries import UNSETTLED


def collect() -> Iterator[Metric]:
    open_letters = GaugeMetricFamily(
        "letters_open", f"Letters in each open state, counted to {MOST:,}", labels=["state"]
    )
    for state in UNSETTLED:
        open_letters.add_metric([state], Delivery.objects.readable().filter(state=state)[:MOST].count())
    yield open_letters
    yield GaugeMetricFamily(
        "letters_confirmed", "Letters confirmed and not withdrawn", LetterTally.objects.total()["letters"]
    )
