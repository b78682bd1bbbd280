"""Texts that staff read, which are translated into fewer languages than those of visitors.

`make messages` collects both: what stands in gettext() into locale/, for visitors; what stands in these, and in the
templates of staff, into backoffice/locale/. They are Django's own functions, under names that tell who reads. The
programs of pages/uploads/ must not load this package, and import them from Django under the same names.
"""

from django.utils.functional import lazy
from django.utils.translation import gettext as for_staff
from django.utils.translation import ngettext as for_staff_plural

__all__ = ["for_staff", "for_staff_lazy", "for_staff_plural"]


def for_staff_lazy(text: str, **values: object) -> str:
    """Return the text, with `values` in its places, for whoever reads it later; for what a module says once."""
    return _said(text, values)


def _say(text: str, values: dict[str, object]) -> str:
    said = for_staff(text)
    return said % values if values else said


_said = lazy(_say, str)
