"""A petition's page in the admin, as a browser has it."""

from petitions.models import Petition


def page_of(petition: Petition, rest: str = "change/") -> str:
    return f"/admin/petitions/petition/{petition.pk}/{rest}"


def form_of(client, path: str) -> dict[str, object]:
    """What a browser would post back from the page, unchanged."""
    page = client.get(path)
    assert page.status_code == 200
    values: dict[str, object] = {}
    forms = [page.context["adminform"].form]
    for formset in page.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *(form.form for form in formset if form.form.prefix)]
    for form in forms:
        for bound in form:
            value = bound.value()
            if isinstance(bound.field.widget.__class__, type) and hasattr(bound.field.widget, "decompress"):
                for place, part in enumerate(bound.field.widget.decompress(value)):
                    values[f"{bound.html_name}_{place}"] = part or ""
            elif value is not None and value is not False:
                values[bound.html_name] = value
    return values


def save(client, petition: Petition, **changed: object):
    path = page_of(petition)
    return client.post(path, {**form_of(client, path), **changed})
