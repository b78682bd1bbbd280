"""The files in `deploy/cluster/`, from which `python -m bench.cluster` starts every server."""

import re
from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml
from django.conf import settings

CLUSTER = Path(settings.ROOT) / "deploy" / "cluster"
GUIDE = (Path(settings.ROOT) / "docs" / "deploy.md").read_text()
SEVERAL = GUIDE.partition("## Several machines")[2].partition("\n## ")[0]


def text(name: str) -> str:
    return (CLUSTER / f"{name}.template").read_text()


def patroni() -> dict[str, Any]:
    names = dict.fromkeys(Template(text("patroni.yml")).get_identifiers(), "127.0.0.1")
    found: dict[str, Any] = yaml.safe_load(Template(text("patroni.yml")).substitute(names))
    return found


@pytest.mark.parametrize("path", sorted(CLUSTER.iterdir()), ids=lambda path: path.name)
def test_the_guide_names_each_file_and_says_what_to_fill_in(path: Path) -> None:
    template = Template(path.read_text())
    assert template.is_valid()
    assert f"`{path.name}`" in SEVERAL
    written = set(re.findall(r"`([A-Z][A-Z_]*[A-Z])(?:_1`|`)", SEVERAL))
    assert {re.sub(r"_\d$", "", name) for name in template.get_identifiers()} <= written


def test_ports_are_the_same_in_all_files() -> None:
    haproxy, own = text("haproxy.cfg"), patroni()
    assert own["postgresql"]["listen"].endswith(":5432")
    assert own["restapi"]["listen"].endswith(":8008")
    assert haproxy.count(":5432 check port 8008") == 4
    assert all(host.endswith(":2379") for host in own["etcd3"]["hosts"])
    assert "ETCD_LISTEN_CLIENT_URLS=http://${NODE_ADDRESS}:2379" in text("etcd.env")
    assert "port 6379" in text("valkey.conf")
    assert "${VALKEY_1}:6379" in haproxy
    assert "bind ${LISTEN_ADDRESS}:5000" in haproxy
    assert "port=5000" in text("pgbouncer.ini")
    for port in ("5000", "5001", "6379", "8080", "6432", "2379", "2380", "5432", "8008"):
        assert port in SEVERAL


def test_a_lost_machine_is_replaced_in_time_and_nothing_that_was_acknowledged_goes_with_it() -> None:
    shared = patroni()["bootstrap"]["dcs"]
    assert shared["synchronous_mode"] is True
    assert shared["ttl"] >= 20  # Patroni takes no less
    assert shared["loop_wait"] + 2 * shared["retry_timeout"] <= shared["ttl"] <= 20


def test_the_pooler_is_set_up_as_the_site_expects_one() -> None:
    assert "pool_mode = transaction" in text("pgbouncer.ini")
    assert "pooler=transaction" in text("pgbouncer.ini")
