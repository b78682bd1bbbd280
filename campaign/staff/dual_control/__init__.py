"""Dual control: some acts of staff take two people, then wait, and can be stopped by any administrator meanwhile.

One person asks, another approves, all who could have done so are told, and only after `DUAL_CONTROL_WAIT_HOURS` one of
the two does it, with a fresh code. Two people who know each other's passwords are slowed down and seen, no more.

    class KeyReplacement(DualControlled): ...                         a kind of act has a table of its own
    workflow.request(act, by=staff)
    workflow.approve(act, by=colleague)                               the waiting time begins
    workflow.stop(act, by=anybody) or workflow.stop_by_link(link)
    with transaction.atomic():
        workflow.begin(act, by=staff)                                 locked: it cannot be stopped any more
        ...
        workflow.record("done", act, by=staff)
"""
