"""Encryption, fingerprints, tokens and passages: what can be read by whom."""

import pytest
from cryptography.fernet import Fernet, InvalidToken

from campaign.secrecy import encryption, passages, tokens
from campaign.secrecy.addresses import fingerprint, normalise


def test_a_new_key_encrypts_and_an_old_one_still_decrypts(settings):
    box = encryption.encrypt("secret")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert encryption.decrypt(box) == "secret"
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    with pytest.raises(InvalidToken):
        encryption.decrypt(box)


@pytest.mark.parametrize(
    ("typed", "same_as"),
    [
        ("Ana@Example.ORG", "ana@example.org"),
        ("ana+tag@example.org", "ana@example.org"),
        ("a.n.a@gmail.com", "ana@googlemail.com"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana-news@yahoo.com", "ana@yahoo.com"),
    ],
)
def test_spellings_of_one_mailbox_are_one_address(typed, same_as):
    assert normalise(typed) == normalise(same_as)


@pytest.mark.parametrize("other", ["an.a@example.org", "ana@example.com", "ana-x@example.org", "+x@example.org"])
def test_other_mailboxes_stay_apart(other):
    assert normalise(other) != normalise("ana@example.org")


def test_fingerprints_of_two_purposes_cannot_be_joined():
    assert fingerprint("a@b.org", "one") != fingerprint("a@b.org", "two")
    assert len(fingerprint("a@b.org", "one")) == 16


def test_a_token_can_be_made_again_and_only_for_its_purpose():
    nonce = tokens.new_nonce()
    assert tokens.token_for(nonce, "confirm") == tokens.token_for(nonce, "confirm")
    assert tokens.token_for(nonce, "confirm") != tokens.token_for(nonce, "track")
    assert len(tokens.token_for(nonce, "confirm")) == 43
    assert tokens.digest("\ud800") != tokens.digest("x")


@pytest.mark.parametrize("junk", ["", "x", "é", "A" * 5000, "%00", "\ud800", "===="])
def test_junk_is_no_passage(junk):
    assert passages.read(junk, "signing") is None
