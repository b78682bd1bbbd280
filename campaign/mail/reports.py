"""Reports of the mail provider: what whoever takes them (settings.MAIL_REPORT_TAKERS) may answer."""


class NotYet(Exception):
    """What the report is about has not been recorded yet: the provider is asked to tell it again."""
