"""`make leaks`: what protects signers is taken out, one thing after another; does a thief find somebody each time?

The thief is tests/system/test_thief.py, which finds nobody in the code as it is. Takes about two minutes for each.
"""

from bench import parts
from bench.chaos.mutants import Mutant, break_each

THIEF = ("tests/system/test_thief.py::test_nobody_who_signed_is_found_four_days_later",)

LEAKS = (
    Mutant(
        "addresses (URLs) carry what a lasting key opens",
        "campaign/secrecy/passages.py",
        "        return packed(key_id, cipher_of(key_id), values, purpose)\n",
        "        return in_form(values, purpose)\n",
        THIEF,
    ),
    Mutant(
        "the outbox is encrypted with a lasting key",
        "campaign/secrecy/encryption.py",
        "    return boxes.seal(json.dumps(values, ensure_ascii=False).encode(), purpose)\n",
        "    return encrypt_json(values)\n",
        THIEF,
    ),
    Mutant(
        "keys of periods are not destroyed",
        "campaign/secrecy/periods/rotation.py",
        "        keys.destroy(key_id)\n",
        "",
        THIEF,
    ),
    Mutant(
        "who ticked news becomes a subscriber while confirming",
        "campaign/supporters/subscriptions.py",
        "    queue.turn_into(JOIN, kinds=[WISH], subjects=subjects, due_in=LONGEST_JOIN_WAIT)\n",
        "    queue.turn_into(JOIN, kinds=[WISH], subjects=subjects, due_in=LONGEST_JOIN_WAIT)\n"
        "    from campaign.supporters import joining\n\n"
        "    joining.join_with_others([])\n",
        THIEF,
    ),
    Mutant(
        "subscribers join in the order of their wishes",
        "campaign/supporters/joining.py",
        "    random.SystemRandom().shuffle(together)\n",
        "",
        THIEF,
    ),
    Mutant(
        "erasing leaves the reminder, with its address",
        "petitions/signing/confirming.py",
        "    queue.forget([CONFIRMATION, *FOLLOW_UPS], [signature.pk])\n    journal.record(",
        "    journal.record(",
        THIEF,
    ),
    Mutant(
        "confirming leaves the reminder, with its address",
        "petitions/signing/confirming.py",
        "    queue.forget([REMINDER], [signature.pk for signature in signatures])\n",
        "",
        THIEF,
    ),
    Mutant(
        "logs are not scrubbed",
        "campaign/observability/logs.py",
        r"""    return ANY_ADDRESS.sub("[address]", PARAMETER.sub("?[...]", TOKEN_IN_PATH.sub(r"\1[token]", text)))""",
        "    return text",
        THIEF,
    ),
)


if __name__ == "__main__":
    parts.run(lambda: break_each(LEAKS))
