"""What can go wrong in a cluster, and for how many seconds nobody may be served then."""

import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
import redis

from bench.cluster.cluster import Cluster
from bench.cluster.machines import ETCD, VALKEYS

CRASHED, LOST, NEVER = 10.0, 35.0, 0.0  # seconds
AS_LONG_AS_HELD = float("inf")
APART = ("web", "relay", "scheduler", "pgbouncer", "valkey", "etcd-leader")  # whose faults hold up no worker


@dataclass
class Fault:
    name: str
    most: float  # seconds for which nobody is served, at most
    inject: Callable[["Fault", Cluster], object]
    heal: Callable[["Fault", Cluster], object] = lambda fault, cluster: None
    seconds: float = 6.0  # from inject to heal
    struck: list[psutil.Process] = field(default_factory=list)
    kept_down: set[str] = field(default_factory=set)

    @property
    def repeats_mail(self) -> bool:
        """Whether a worker may send a mail and not come to note it."""
        return not self.name.startswith(APART)


Which = Callable[[Cluster], str]


Members = Callable[[Cluster, str], list[psutil.Process]]


def this(name: str) -> Which:
    return lambda cluster: name


def primary(cluster: Cluster) -> str:
    return cluster.primary


def standby(cluster: Cluster) -> str:
    return cluster.standby


def etcd_leader(cluster: Cluster) -> str:
    return cluster.etcd_leader


def whole(cluster: Cluster, name: str) -> list[psutil.Process]:
    """A machine with all that runs on it."""
    return cluster.family(name)


def killed(name: str, which: Which, most: float, members: Members = whole) -> Fault:
    """Its processes, which are started again as by systemd."""

    def inject(fault: Fault, cluster: Cluster) -> None:
        signal_all(members(cluster, which(cluster)), signal.SIGKILL)

    return Fault(name, most, inject)


def frozen(
    name: str,
    which: Which,
    most: float,
    members: Members = whole,
    seconds: float = 10.0,
) -> Fault:
    """Stopped where they stand, and continued as if nothing had been."""

    def inject(fault: Fault, cluster: Cluster) -> None:
        fault.struck = members(cluster, which(cluster))
        signal_all(fault.struck, signal.SIGSTOP)

    return Fault(name, most, inject, lambda fault, cluster: signal_all(fault.struck, signal.SIGCONT), seconds)


def lost(name: str, which: Which, most: float, seconds: float) -> Fault:
    """All at once, and away until it is healed."""

    def inject(fault: Fault, cluster: Cluster) -> None:
        chosen = which(cluster)
        fault.kept_down = {chosen}
        cluster.kept_down |= fault.kept_down
        signal_all(cluster.family(chosen), signal.SIGKILL)

    def heal(fault: Fault, cluster: Cluster) -> None:
        cluster.kept_down -= fault.kept_down

    return Fault(name, most, inject, heal, seconds)


def signal_all(members: list[psutil.Process], number: signal.Signals) -> None:
    for member in members:
        with suppress(psutil.Error):
            member.send_signal(number)


def all_etcds(cluster: Cluster, name: str) -> list[psutil.Process]:
    return [member for one in ETCD for member in cluster.family(one)]


def empty_valkey(fault: Fault, cluster: Cluster) -> None:
    with redis.Redis(host=VALKEYS["valkey1"], socket_timeout=5) as client:
        client.flushall()


FAULTS = {
    fault.name: fault
    for fault in (
        killed("web-killed", this("web-1"), NEVER),
        frozen("web-frozen", this("web-2"), NEVER),
        killed("worker-killed", this("worker-1"), NEVER),
        frozen("worker-frozen", this("worker-2"), NEVER),
        killed("relay-killed", this("relay-1"), NEVER),
        frozen("relay-frozen", this("relay-2"), NEVER),
        killed("scheduler-killed", this("scheduler-1"), NEVER),
        frozen("scheduler-frozen", this("scheduler-2"), NEVER),
        killed("haproxy-killed", this("haproxy"), CRASHED),
        frozen("haproxy-frozen", this("haproxy"), AS_LONG_AS_HELD, seconds=5.0),
        killed("pgbouncer-killed", this("pgbouncer"), NEVER),
        frozen("pgbouncer-frozen", this("pgbouncer"), NEVER),
        lost("valkey-lost", this("valkey1"), NEVER, 8.0),
        frozen("valkey-frozen", this("valkey1"), NEVER),
        Fault("valkey-emptied", NEVER, empty_valkey),
        killed("etcd-leader-killed", etcd_leader, NEVER),
        frozen("etcd-leader-frozen", etcd_leader, NEVER),
        frozen("etcd-all-frozen", this("etcd1"), NEVER, all_etcds, seconds=30.0),
        killed("standby-killed", standby, CRASHED),
        frozen("standby-frozen", standby, CRASHED, seconds=15.0),
        killed("patroni-killed", primary, CRASHED, Cluster.patroni_of),
        Fault("switchover", CRASHED, lambda fault, cluster: cluster.switch_over()),
        killed("postgres-killed", primary, CRASHED, Cluster.postgres_of),
        frozen("patroni-frozen", primary, LOST, Cluster.patroni_of, seconds=40.0),
        lost("machine-lost", primary, LOST, 40.0),
        frozen("machine-frozen", primary, LOST, seconds=40.0),
    )
}
