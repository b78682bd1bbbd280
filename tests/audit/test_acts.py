"""What the audit says was done, in words."""

import re
from pathlib import Path

from django.conf import settings
from django.utils import translation

from campaign.audit.acts import in_words

NOTED = re.compile(r'\b(?:(?:note\w*|settle)\([^"]*|decide\([^)]*)"([a-z-]+\.[a-z-]+)"')
APPS = ("campaign", "petitions", "letters", "pages", "backoffice")


def test_every_act_that_is_noted_has_words():
    sources = [path.read_text() for app in APPS for path in (Path(settings.ROOT) / app).rglob("*.py")]
    acts = {act for source in sources for act in NOTED.findall(source)}
    assert "letter.sent-again" in acts
    assert {act for act in acts if in_words(act) == act} == set()


def test_an_act_is_said_in_the_readers_language():
    assert in_words("signatures.released") == "Signatures: released"
    with translation.override("de"):
        assert in_words("signatures.released") == "Unterschriften: freigegeben"
        assert in_words("petition.paused").startswith("Petition: ")
    assert in_words("made-up.act") == "made-up.act"
