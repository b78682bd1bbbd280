"""What machines ask (campaign/observability/health.py and metrics.py)."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from campaign.outbox import queue
from campaign.outbox.heartbeats import SitePart, record_heartbeat
from campaign.outbox.models import OUTAGE, Item
from campaign.outbox.monitoring import tries
from petitions.models import Total
from tests.letters.factories import make_ready
from tests.petitions.factories import make_petition

ALERTS = Path(settings.ROOT) / "deploy/prometheus/alerts.yml"
DASHBOARD = Path(settings.ROOT) / "deploy/grafana/dashboard.json"

pytestmark = pytest.mark.django_db


def lateness(client: Client, kind: str) -> int:
    text = client.get("/metrics").content.decode()
    found = re.search(rf'outbox_late_seconds{{kind="{re.escape(kind)}",state="waiting"}} (\d+)', text)
    assert found, text
    return int(found[1])


def test_metrics_tell_how_late_work_is_and_not_how_long_it_waits_on_purpose(client: Client) -> None:
    now = timezone.now()
    queue.put("petitions.confirmation", payload={"signature": 1}, due_at=now - timedelta(hours=1))
    queue.put("petitions.confirmation", payload={"signature": 2}, due_at=now)
    queue.put("petitions.reminder", payload={"signature": 1}, due_at=now + timedelta(days=3))
    assert 3600 <= lateness(client, "petitions.confirmation") < 3700
    assert lateness(client, "petitions.reminder") == 0


def test_mail_that_waits_for_its_server_is_late_however_often_it_was_put_off(client: Client) -> None:
    item = queue.put("petitions.confirmation", payload={"signature": 1}, due_at=timezone.now() + timedelta(minutes=9))
    long_ago = timezone.now() - timedelta(hours=1)
    Item.objects.filter(pk=item.pk).update(created_at=long_ago, reason=f"{OUTAGE}: 535")
    assert 3600 <= lateness(client, "petitions.confirmation") < 3700


def test_metrics_are_not_told_through_a_proxy(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="1.2.3.4").status_code == 404


def test_readiness_names_what_is_away(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.json()["database"] is True
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_machines_need_not_know_the_name_of_the_site(client: Client, settings, path: str) -> None:
    """Prometheus, compose and load balancers ask by address."""
    settings.ALLOWED_HOSTS = ["www.example.org"]
    assert client.get(path, headers={"Host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/petitions/", headers={"Host": "127.0.0.1:8000"}).status_code == 400


def test_readiness_takes_one_query_whatever_was_asked_before(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        client.get("/readyz")
    with django_assert_num_queries(1):
        client.get("/readyz")


def test_a_site_without_one_of_its_migrations_is_not_ready(client: Client) -> None:
    applied = MigrationRecorder(connection).migration_qs
    applied.create(app="petitions", name="9999_of_a_later_release")
    assert client.get("/readyz").status_code == 200
    applied.filter(app="outbox", name__startswith="0001").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "down"


def told(client: Client) -> str:
    return client.get("/metrics").content.decode()


def test_answers_are_counted_by_view_and_not_by_address(client: Client) -> None:
    client.get("/no-such-page-of-mine/?secret=1")
    client.get("/petitions/")
    text = told(client)
    assert re.search(r'web_answers_total\{method="GET",status="200",view="petitions:list"\} [1-9]', text)
    assert re.search(r'web_answer_seconds_bucket\{le="10.0",view="petitions:list"\} [1-9]', text)
    assert "no-such-page-of-mine" not in text


def test_signatures_letters_and_the_age_of_the_count_are_told(client: Client) -> None:
    petition = make_petition()
    Total.objects.update_or_create(petition=petition, defaults={"count": 7})
    make_ready()
    text = told(client)
    assert 'petition_signatures{petition="stop"} 7.0' in text
    assert re.search(r'petition_count_age_seconds\{petition="stop"\} \d', text)
    assert 'letters_open{state="ready"} 1.0' in text


def test_what_waits_is_counted_up_to_a_limit_so_that_asking_costs_the_same(client: Client, monkeypatch) -> None:
    monkeypatch.setattr("campaign.outbox.monitoring.metrics.MOST", 3)
    for subject in range(5):
        queue.put("petitions.reminder", payload={}, subject=subject, due_at=timezone.now() + timedelta(days=1))
    assert 'outbox_items{kind="petitions.reminder",state="waiting"} 3.0' in told(client)


def test_everything_that_alerts_and_charts_ask_for_is_told(client: Client) -> None:
    """Files for Prometheus and Grafana (deploy/) name no metric that the site does not tell, and none of its labels."""
    make_ready()
    Total.objects.update_or_create(petition=make_petition(), defaults={"count": 7})
    record_heartbeat(SitePart.WORKER)
    tries.add("petitions.confirmation", {tries.DONE: 1})
    client.get("/petitions/")
    labels: dict[str, set[str]] = {"up": {"job"}, "site_numbers_missing": set()}  # Prometheus' own; of another day
    for family in text_string_to_metric_families(told(client)):
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    for expression, shown in [*charts(), *alerts()]:
        asked = metrics_in(expression)
        assert asked
        assert set(asked) <= set(labels), expression
        assert all(named <= labels[metric] for metric, named in asked.items()), expression
        grouped = names_in(r"\bby \(([^)]*)\)", expression)
        assert grouped <= set().union(*(labels[metric] for metric in asked)), expression
        assert shown <= grouped | set().union(*asked.values()), expression


def charts() -> Iterator[tuple[str, set[str]]]:
    """Yield each expression, with the labels that its legend shows."""
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel["targets"]:
            yield target["expr"], names_in(r"\{\{(.*?)\}\}", target["legendFormat"])


def alerts() -> Iterator[tuple[str, set[str]]]:
    for rule in yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]:
        yield rule["expr"], names_in(r"\$labels\.(\w+)", rule["annotations"]["summary"] + rule["annotations"]["do"])


def metrics_in(expression: str) -> dict[str, set[str]]:
    """Return each metric that is asked for, with the labels that it is chosen by.

    What stands before a bracket is a function.
    """
    plain = re.sub(r"\b(?:by|on|without) ?\([^)]*\)|\[[^\]]*\]", "", expression)
    found: dict[str, set[str]] = {}
    for name, chosen in re.findall(r"\b([a-z_]\w*)\b(?!\s*\()(\{[^}]*\})?", plain):
        if name not in {"and", "or"}:
            found.setdefault(name, set()).update(re.findall(r"(\w+)(?:=|!)", chosen))
    return found


def names_in(pattern: str, text: str) -> set[str]:
    return {name for match in re.findall(pattern, text) for name in re.findall(r"\w+", match)}


def test_while_the_database_is_away_answers_are_still_told(client: Client) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("away")

    client.get("/petitions/")
    with connection.execute_wrapper(refuse):
        text = told(client)
    assert "web_answers_total" in text
    assert "site_numbers_missing 1.0" in text
    assert "site_numbers_missing" not in told(client)


def test_the_rules_are_whole() -> None:
    rules = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
    assert all(rule["annotations"]["summary"] and rule["annotations"]["do"] for rule in rules)


def test_the_charts_are_a_dashboard_as_grafana_describes_it() -> None:
    """Its classic model: <https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/>."""
    board = json.loads(DASHBOARD.read_text())
    named = {"id", "uid", "title", "tags", "timezone", "editable", "graphTooltip", "time", "timepicker", "templating"}
    assert set(board) == {*named, "annotations", "refresh", "schemaVersion", "version", "links", "panels"}
    assert board["id"] is None  # Grafana gives it a number
    (variable,) = board["templating"]["list"]
    assert (variable["type"], variable["query"]) == ("datasource", "prometheus")
    panels = board["panels"]
    taken: set[tuple[int, int]] = set()
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["type"] in {"timeseries", "stat"}
        assert panel["datasource"] == {"type": "prometheus", "uid": f"${{{variable['name']}}}"}
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert max(x for x, _y in cells) < 24  # columns
        assert not cells & taken
        taken |= cells
