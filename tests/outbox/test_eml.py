"""Mail as files in a folder (campaign/outbox/eml.py)."""

from pathlib import Path

import pytest
from django.core.mail import EmailMessage

from campaign.outbox.eml import EmailBackend


def test_a_mail_that_is_not_whole_is_not_among_those_that_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "replace", lambda *paths: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="full"):
        EmailBackend(tmp_path).send_messages([EmailMessage("Subject", "Text", "from@example.org", ["to@example.org"])])
    assert len(list(tmp_path.iterdir())) == 1
    assert not list(tmp_path.glob("*.eml"))
