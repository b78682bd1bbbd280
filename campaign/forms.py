"""What the forms of public pages share."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django.forms import Field, Form
from django_stubs_ext import StrOrPromise


def tokenless_form(button: StrOrPromise, *, action: str = "") -> FormHelper:
    """No CSRF token: the page is the same for everybody (campaign/protection/origin.py)."""
    helper = FormHelper()
    helper.disable_csrf = True
    helper.form_action = action
    helper.attrs = {"novalidate": ""}
    helper.add_input(Submit("send", button))
    return helper


class FixedFields(dict[str, Field]):
    """Fields that no form changes, so that each form need not have copies of its own."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Field]:
        return dict(self)


def with_fixed_fields[F: type[Form]](form: F) -> F:
    """For a form that many send at once: copying its fields took longer than checking what was typed."""
    form.base_fields = FixedFields(form.base_fields)
    return form
