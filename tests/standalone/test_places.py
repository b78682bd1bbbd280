import shutil

from standalone import paths


def test_a_checkout_that_is_made_anew_at_the_same_path_finds_no_data_of_before(monkeypatch, tmp_path):
    """It would have other keys: no password of before, and nothing that could be decrypted."""
    monkeypatch.setattr(paths, "VAR", tmp_path / "var")
    before = paths.mark()
    assert paths.mark() == before
    shutil.rmtree(tmp_path / "var")
    assert paths.mark() != before
