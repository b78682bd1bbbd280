"""What keeps the outbox right from outside its daily work: leases that ran out, old secrets, restored databases."""
