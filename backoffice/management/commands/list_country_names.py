"""`manage.py list_country_names`: print `static/country_names.json`, the names by which a country is found."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from campaign.web import countries


class Command(BaseCommand):
    help = "Print every name of each country, as static/country_names.json has them."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        lines = (f"{json.dumps(code)}:{compact(known)}" for code, known in countries.all_names().items())
        self.stdout.write("{\n" + ",\n".join(lines) + "\n}")


def compact(known: list[str]) -> str:
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"))
