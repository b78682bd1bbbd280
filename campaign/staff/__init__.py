"""Staff: how they log in and prove who they are, what they may do to accounts, and how their edits are guarded."""
