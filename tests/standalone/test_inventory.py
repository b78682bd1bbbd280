"""What a server runs of others' work is known from its lock: every package with a licence, and nothing that tests."""

from standalone import inventory
from standalone.lock import SERVER


def test_every_package_of_a_server_says_its_licence():
    names = [name for name, _version in inventory.PIN.findall(SERVER.read_text())]
    assert "django" in names
    assert "pytest" not in names
    assert [name for name in names if not inventory.licence_of(name)] == []


def test_a_package_that_is_not_installed_here_has_no_licence_that_could_be_read():
    assert inventory.licence_of("no-such-package") == ""
