"""The smallest Django site that stores something: what signing is compared with."""
