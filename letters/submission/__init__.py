"""A letter from its last submit to its confirmation: stored, confirmed by mail, withdrawn, expired, erased."""
