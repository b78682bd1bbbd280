import shutil

from campaign.standalone import places


def test_a_checkout_that_is_made_anew_at_the_same_path_finds_no_data_of_before(monkeypatch, tmp_path):
    """It would have other keys: no password of before, and nothing that could be decrypted."""
    monkeypatch.setattr(places, "VAR", tmp_path / "var")
    before = places.mark()
    assert places.mark() == before
    shutil.rmtree(tmp_path / "var")
    assert places.mark() != before
