"""What the forms of public pages share."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django_stubs_ext import StrOrPromise

# The same page under another address: browsers forget a page, and what was typed there, when a post to its own fails.
ELSEWHERE = "?sent"


def tokenless_form(button: StrOrPromise, *, action: str = "") -> FormHelper:
    """Return a form layout without CSRF token, as the page is the same for everybody (campaign/web/decorators.py)."""
    helper = FormHelper()
    helper.disable_csrf = True
    helper.form_action = action
    helper.attrs = {"novalidate": ""}
    helper.add_input(Submit("send", button))
    return helper
