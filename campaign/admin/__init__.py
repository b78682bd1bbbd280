"""What the admin classes of all apps share; it depends on no app and no model."""
