"""What can go wrong, by name."""

from bench.chaos.faults import clocks, database, mail, processes, redis, senate
from bench.chaos.faults.base import Fault

FAULTS: dict[str, type[Fault]] = {
    fault.name: fault for module in (processes, database, redis, mail, senate, clocks) for fault in module.FAULTS
}
