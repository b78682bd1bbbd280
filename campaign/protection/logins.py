"""Staff's login: passwords cannot be tried by the thousand, and nobody can shut a colleague out for long."""

from datetime import timedelta
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaign.protection import meters
from campaign.protection.meters import Rate
from campaign.protection.networks import client_address, networks_of
from campaign.secrecy.addresses import keyed_hash

PER_NETWORK = Rate(burst=20, every=timedelta(minutes=1))
PER_NAME = Rate(burst=40, every=timedelta(seconds=30))
TOO_MANY = _("Too many tries. Wait a few minutes, then try again.")


class LoginForm(AdminAuthenticationForm):
    def clean(self) -> dict[str, Any]:
        if not may_try(self.request, self.cleaned_data.get("username", ""), "login"):
            raise ValidationError(TOO_MANY, code="throttled")
        return super().clean()


def may_try(request: HttpRequest | None, name: str, what: str) -> bool:
    """Counts the try of a `login` or a `code`. The same for names that exist and for those that do not."""
    client = client_address(request) if request else None
    networks = networks_of(client) if client else []
    drops = [(keyed_hash(network, f"{what} from"), PER_NETWORK) for network in networks]
    return not meters.drip([*drops, (keyed_hash(name.casefold(), f"{what} as"), PER_NAME)])
