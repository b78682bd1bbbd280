"""The project's crispy-forms pack: what every form says to people who cannot see it."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template.loader import render_to_string


class SampleForm(forms.Form):
    email = forms.EmailField(help_text="To confirm.")
    colour = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    updates = forms.BooleanField(required=False)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.disable_csrf = True
        helper.add_input(Submit("send", "Send"))
        return helper


def test_hint_and_error_are_joined_to_the_field() -> None:
    html = render_crispy_form(SampleForm({"email": "x"}))
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_helptext"' in html
    assert 'id="id_email_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_refused_form_keeps_what_was_typed() -> None:
    assert 'value="x"' in render_crispy_form(SampleForm({"email": "x"}))


def test_a_form_of_a_cached_page_carries_no_token() -> None:
    assert "csrf" not in render_crispy_form(SampleForm(), context={"csrf_token": "secret"})


def test_choices_are_a_group_with_a_name() -> None:
    html = render_crispy_form(SampleForm())
    assert html.count("<fieldset") == html.count("<legend") == 1


def test_the_summary_links_to_every_field_with_an_error() -> None:
    html = render_to_string("campaign/error_summary.html", {"form": SampleForm({})})
    assert 'href="#id_email"' in html
    assert 'href="#id_colour_0"' in html
    assert "autofocus" in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert render_to_string("campaign/error_summary.html", {"form": SampleForm()}).strip() == ""
