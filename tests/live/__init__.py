"""The whole site as real processes, for tests that are about more than one of them."""
