"""The breakages of `make chaos-mutants` and `make leaks` still fit the code: none has become harmless unseen."""

import ast

import pytest

from bench.chaos.mutants import MUTANTS, Mutant, mutated
from bench.leaks import LEAKS
from standalone.paths import ROOT


@pytest.mark.parametrize("mutant", [*MUTANTS, *LEAKS], ids=lambda mutant: mutant.name)
def test_a_breakage_fits_the_code_and_names_tests_that_are_there(mutant: Mutant) -> None:
    code = mutated(mutant, (ROOT / mutant.path).read_text())
    ast.parse(code)
    for test in mutant.tests:
        path, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text()
