"""What machines are told about petitions (`METRICS` in the settings)."""

from collections.abc import Iterator

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from campaign.database import clock
from petitions.models import Total


def collect() -> Iterator[Metric]:
    signatures = GaugeMetricFamily("petition_signatures", "Signatures that count, as shown", labels=["petition"])
    age = GaugeMetricFamily("petition_count_age_seconds", "Since when the shown count is true", labels=["petition"])
    for slug, count, as_of in Total.objects.values_list("petition__slug", "count", "as_of"):
        signatures.add_metric([slug], count)
        age.add_metric([slug], round((clock.now() - as_of).total_seconds()))
    yield signatures
    yield age
