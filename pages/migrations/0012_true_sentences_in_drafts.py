"""Mend in drafts what 0011 mended in what visitors see: one that is published would put an untrue sentence back.

What visitors see is gone through again, since a scheduled draft may have been published after 0011.
"""

import copy
import importlib

from django.db import migrations

LIVE = importlib.import_module("pages.migrations.0011_true_sentences")


def mended(text):
    """Once: some true sentences contain the untrue one."""
    for untrue, true in LIVE.SENTENCES:
        text = text.replace(true, untrue).replace(untrue, true)
    return text


def mend_fields(values, field):
    """In place: of one row, as the values of its fields, the text of `field` and the translations of it."""
    before = values.get(field) or ""
    values[field] = mended(before)
    for texts in (values.get("translations") or {}).values():
        if texts.get(field):
            texts[field] = mended(texts[field])
        if texts.get("_from", {}).get(field) == LIVE.digest(before):
            texts["_from"][field] = LIVE.digest(values[field])


def mend_drafts(version_model):
    models = {model.lower(): field for model, field in LIVE.FIELDS.items()}
    drafts = version_model.objects.filter(
        is_draft=True, content_type__app_label="pages", content_type__model__in=models
    )
    for version in drafts.select_related("content_type").iterator():
        data = copy.deepcopy(version.data)
        mend_fields(data, models[version.content_type.model])
        if version.content_type.model == "page":
            for block in data.get("parts", {}).get("blocks", []):
                mend_fields(block, LIVE.FIELDS["PageBlock"])
        if data != version.data:
            version_model.objects.filter(pk=version.pk).update(data=data)


def mend_rows(model, field):
    for row in model.objects.iterator():
        before = {field: getattr(row, field), "translations": row.translations}
        after = copy.deepcopy(before)
        mend_fields(after, field)
        if after != before:
            model.objects.filter(pk=row.pk).update(**after)


def mend(apps, schema_editor):
    mend_drafts(apps.get_model("pages", "Version"))
    for model, field in LIVE.FIELDS.items():
        mend_rows(apps.get_model("pages", model), field)


class Migration(migrations.Migration):
    dependencies = [("pages", "0011_true_sentences")]
    operations = [migrations.RunPython(mend, migrations.RunPython.noop, elidable=True)]
