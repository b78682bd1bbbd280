"""What must happen, beside the work that stands for it: after a backup was restored, or rows were deleted by hand.

Every app names in settings.RECONCILES what it compares. A comparison is a function without arguments that mends what it
finds and returns how many it was; done again, it finds nothing.
"""

from django.conf import settings
from django.utils.module_loading import import_string


def reconcile() -> dict[str, int]:
    return {path: import_string(path)() for path in settings.RECONCILES}
