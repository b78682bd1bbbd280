"""Seal to the key of the present period, and open what was sealed to it.

A box is: magic, key id, ephemeral public key, nonce, MAC and ciphertext (X25519 and XSalsa20-Poly1305, libsodium). One
process seals with one ephemeral key pair for a minute, since the agreement on a key costs ten times the rest. A box
tells in plain only by which period's key it was sealed.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from nacl.bindings import crypto_kx_client_session_keys, crypto_kx_keypair, crypto_kx_server_session_keys
from nacl.secret import SecretBox

from campaign.database import clock
from campaign.secrecy.models import Period
from campaign.secrecy.periods import keys
from campaign.secrecy.periods.keys import ID_BYTES, Purpose

MAGIC = b"\x02per"
HEAD = len(MAGIC) + ID_BYTES
EPHEMERAL_BYTES = 32
SECONDS_UNASKED = 60  # for which a process seals without asking which period it is
MOST_AGREEMENTS = 64
AWAITED = timedelta(hours=6)


@dataclass(frozen=True)
class PeriodSealer:
    """What one process seals with for a minute."""

    head: bytes
    box: SecretBox
    good_until: float


sealers: dict[Purpose, PeriodSealer] = {}
agreements: OrderedDict[bytes, SecretBox] = OrderedDict()  # by key id and ephemeral key


def seal(plain: bytes, purpose: Purpose) -> bytes:
    sealer = sealers.get(purpose)
    if sealer is None or clock.counter() > sealer.good_until:
        sealer = sealers[purpose] = new_sealer(purpose)
    return sealer.head + sealer.box.encrypt(plain)


def new_sealer(purpose: Purpose) -> PeriodSealer:
    good_until = clock.counter() + SECONDS_UNASKED
    public_key = current_key(purpose)
    ephemeral, secret = crypto_kx_keypair()
    _, agreed = crypto_kx_client_session_keys(ephemeral, secret, public_key)
    return PeriodSealer(MAGIC + public_key[:ID_BYTES] + ephemeral, SecretBox(agreed), good_until)


def current_key(purpose: Purpose) -> bytes:
    """Return the public key of the open period, which is opened if there is none."""
    current = Period.objects.current(purpose).values_list("public_key", flat=True)
    if (found := current.first()) is not None:
        return bytes(found)
    public_key = keys.create()
    try:
        with transaction.atomic():
            Period.objects.create(purpose=purpose, public_key=public_key)
    except IntegrityError:  # another process was faster
        keys.destroy(public_key[:ID_BYTES])
        return bytes(current.get())
    return public_key


def is_awaited(key_id: bytes) -> bool:
    """Return whether a key that is missing should be here: its folder may be mounted again, or another machine have it.

    Six hours after the end of its period nobody waits for it any more.
    """
    awaited = Period.objects.filter(destroyed_at=None).exclude(closed_at__lt=Now() - AWAITED)
    return any(bytes(public_key)[:ID_BYTES] == key_id for public_key in awaited.values_list("public_key", flat=True))


def is_box(box: bytes) -> bool:
    return box.startswith(MAGIC)


def key_id_of(box: bytes) -> bytes:
    return box[len(MAGIC) : HEAD]


def open_box(box: bytes) -> bytes:
    """Return what was sealed. Raises KeyGone, FolderAway, or CryptoError for what is damaged."""
    key_id = key_id_of(box)
    if not keys.is_there(key_id):
        forget(key_id)
    body = box[HEAD:]
    return agreement(key_id, body[:EPHEMERAL_BYTES]).decrypt(body[EPHEMERAL_BYTES:])


def agreement(key_id: bytes, ephemeral: bytes) -> SecretBox:
    """Return the opener of boxes that share an ephemeral key, kept since those that follow are often of the same."""
    name = key_id + ephemeral
    if name not in agreements:
        public, private = keys.read(key_id)
        agreed, _ = crypto_kx_server_session_keys(public, private, ephemeral)
        agreements[name] = SecretBox(agreed)
        while len(agreements) > MOST_AGREEMENTS:
            agreements.popitem(last=False)
    agreements.move_to_end(name)
    return agreements[name]


def forget(key_id: bytes) -> None:
    """Forget what this process remembers of a key."""
    for name in [name for name in agreements if name.startswith(key_id)]:
        del agreements[name]
