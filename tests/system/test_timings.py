"""The short form of bench/timings: what answers say at each door, whatever is known of an address; not their times."""

import subprocess
import sys

import pytest

from bench.timings import compare
from bench.timings.compare import Seen
from bench.timings.doors import DOORS
from standalone.paths import ROOT
from tests.live.site import LiveSite

KNOWN = [sys.executable, "-m", "bench.within", "bench.timings.known", "2"]


@pytest.mark.system
def test_no_answer_tells_what_is_known_of_an_address(site: LiveSite):
    people = compare.people_from(subprocess.check_output(KNOWN, env=site.settings, cwd=ROOT))
    rows = list(compare.rows(site.url, people, site.query))
    assert {row.door for row in rows} == set(DOORS)
    assert [difference for row in rows for difference in row.differences] == []


def test_one_answer_that_differs_is_enough():
    alike, other = Seen({"200 yes"}, [1.0, 2.0]), Seen({"200 yes", "200 no"}, [1.0, 2.0])
    first, second, third = compared = list(compare.compared("sign", {"new": alike, "pending": alike, "held": other}))
    assert [row.differences for row in compared] == [[], [], ["200 no"]]
    assert (first.p, second.p, third.p) == (1.0, 1.0, 1.0)
