"""What every form of the admin does: refuse to overwrite a colleague's edit, write to the audit, check links."""
