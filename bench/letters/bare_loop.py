"""`python -m bench.within bench.letters.bare_loop`: every ready letter, over one connection.

It renders and sends and keeps no record: what the letters app does more is what it costs to lose and double nothing.
"""

import argparse

from django.core.mail import mailers

from letters.delivery.channels.email import build_letter
from letters.models import Delivery


def send(number: int) -> None:
    connection = mailers.default
    connection.open()
    for delivery in Delivery.objects.ready().with_letter().order_by("pk")[:number].iterator(500):
        connection.send_messages([build_letter(delivery, delivery.letter.message)])
    connection.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=1_000_000)
    send(parser.parse_args().number)
