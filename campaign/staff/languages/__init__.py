"""The language in which each member of staff reads the admin and the mails of the site. They choose it themselves."""
