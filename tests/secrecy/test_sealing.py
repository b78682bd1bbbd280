"""Sealing to a key that is not here (campaign/secrecy/sealing.py), each by itself or several in one context."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.secrecy.keypairs import new_keypair
from campaign.secrecy.sealing import SealingContext, seal, unseal

ANA = {"name": "王小明", "email": "a@b.org"}
PAIR, OTHER = new_keypair(), new_keypair()
KEY = 32  # bytes of the ephemeral key, with which both forms begin

# Made once and not to be made anew: databases and files of signatures hold such.
KEPT_KEY = "06ed95ee02010772e3771bd4135eca423ecd79577cdcec912e796dcc70fed593"
KEPT_ALONE = (
    "1e68bfdb8c3bb796a2cbd7583d7b926a5b46b5213af9bc96803bd717ba3008491571b40fa66cd1485e67c689bc6e89ca8c33aeac6793effd"
    "309030383b63ee96d74308fe40cf87e5034997c68f560421e77ae5f4371d8c45173b0edffc0bf36b23757b5e004f3dd8b9bc22e9ebe91d22"
)
KEPT_IN_CONTEXT = (
    "85d62f1c3dab2ac76485f35aadfebc4967e9b2c9a1e0e49c6cb8fee0002f324af54d37d381bbd950f2e78d0f73a166c8e1464398dfef0427"
    "bbb687feeba755d51cb27b5bd5ca48251c876ce85579c658e2710c7fb2c535e296f0f3d9026a822ffdc18a72f6f75732e5697c77625f9b03"
    "f7ad81bdbeaf9c1905681611a2f21e3b0342db2f36b78547"
)


def seal_in_context(values: dict[str, Any], public_key: str) -> bytes:
    return SealingContext(public_key).seal(values)


in_both_forms = pytest.mark.parametrize("sealed_by", [seal, seal_in_context])


@in_both_forms
@given(values=st.dictionaries(st.text(), st.text()))
def test_what_is_sealed_is_what_is_opened(sealed_by, values):
    assert unseal(sealed_by(values, PAIR.public), PAIR.private) == values


@in_both_forms
def test_only_the_private_key_opens(sealed_by):
    box = sealed_by(ANA, PAIR.public)
    assert "王小明".encode() not in box
    with pytest.raises(ValueError, match="does not open"):
        unseal(box, OTHER.private)


@in_both_forms
def test_no_bit_of_a_box_can_be_changed(sealed_by):
    box = sealed_by(ANA, PAIR.public)
    for bit in range(len(box) * 8):
        changed = bytearray(box)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValueError, match="does not open"):
            unseal(bytes(changed), PAIR.private)


@given(junk=st.binary(max_size=200))
def test_nothing_else_opens(junk):
    with pytest.raises(ValueError, match="does not open"):
        unseal(junk, PAIR.private)


@in_both_forms
def test_the_length_of_a_box_tells_little_of_the_name(sealed_by):
    lengths = {len(sealed_by({"name": "x" * n, "email": "a@b.org"}, PAIR.public)) for n in range(1, 31)}
    assert len(lengths) == 2


def test_boxes_of_one_context_have_its_key_in_common_and_nothing_else_has():
    context = SealingContext(PAIR.public)
    one, again = context.seal(ANA), context.seal(ANA)
    assert one[:KEY] == again[:KEY]
    assert one[KEY:] != again[KEY:]
    alone = [seal_in_context(ANA, PAIR.public), seal(ANA, PAIR.public), seal(ANA, PAIR.public)]
    assert len({box[:KEY] for box in [one, *alone]}) == 4


@pytest.mark.parametrize("kept", [KEPT_ALONE, KEPT_IN_CONTEXT], ids=["alone", "in a context"])
def test_boxes_that_were_kept_open_for_ever(kept):
    assert unseal(bytes.fromhex(kept), KEPT_KEY) == ANA
