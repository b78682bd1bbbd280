"""`python -m bench.letters.bare_loop`: renders every ready letter and sends it over one connection; keeps no record.

Run with the site's settings: what the letters app does more than this is what it costs to lose and double nothing.
"""

import argparse

import django

django.setup()

from django.core.mail import mailers  # noqa: E402  # needs the settings

from letters.channels.email import build  # noqa: E402
from letters.models import Delivery  # noqa: E402


def send(number: int) -> None:
    connection = mailers.default
    connection.open()
    for delivery in Delivery.objects.ready().with_letter().order_by("pk")[:number].iterator(500):
        connection.send_messages([build(delivery, delivery.letter.message)])
    connection.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.letters.bare_loop", description=__doc__)
    parser.add_argument("--number", type=int, default=1_000_000)
    send(parser.parse_args().number)
