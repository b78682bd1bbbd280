"""Mend sentences of the first content that were not true, where staff have not written others in their place.

The addressee sees names, what signers ask to have shown is shown, and the server knows an address until its mail has gone.
"""

import hashlib

from django.db import migrations

SENTENCES = [
    (
        "Nothing you enter is shown to the public.",
        "What you enter is not shown to the public unless you ask for it.",
    ),
    (
        "لا يُعرض شيء مما تكتبه على العموم.",
        "لا يُعرض شيء مما تكتبه على العموم إلا إذا طلبت ذلك.",
    ),
    (
        "Nichts, was Sie eingeben, wird öffentlich gezeigt.",
        "Was Sie eingeben, wird nur öffentlich gezeigt, wenn Sie darum bitten.",
    ),
    (
        "Nada de lo que escriba se muestra al público.",
        "Nada de lo que escriba se muestra al público, salvo que usted lo pida.",
    ),
    (
        "Rien de ce que vous saisissez n’est montré au public.",
        "Rien de ce que vous saisissez n’est montré au public, sauf si vous le demandez.",
    ),
    (
        "您填寫的內容都不會公開。",
        "除非您要求，您填寫的內容都不會公開。",
    ),
    (
        "Your name is not shown to anybody.",
        "Your name goes to the addressee; on this site it is shown only if you ask for it.",
    ),
    (
        "لا يُعرض اسمك على أحد.",
        "يصل اسمك إلى المخاطَب، ولا يُعرض في هذا الموقع إلا إذا طلبت ذلك.",
    ),
    (
        "Ihr Name wird niemandem gezeigt.",
        "Ihr Name geht an die Adressaten; auf dieser Website wird er nur gezeigt, wenn Sie darum bitten.",
    ),
    (
        "Su nombre no se muestra a nadie.",
        "Su nombre llega al destinatario; en este sitio solo se muestra si usted lo pide.",
    ),
    (
        "Votre nom n’est montré à personne.",
        "Votre nom est remis au destinataire ; sur ce site, il n’est montré que si vous le demandez.",
    ),
    (
        "您的姓名不會給任何人看到。",
        "您的姓名會交給受文者；除非您要求，本站不會顯示。",
    ),
    (
        "and what it must keep about signers it cannot read itself.",
        "and the list of names it cannot open itself.",
    ),
    (
        "وما يلزم حفظه عن الموقّعين لا يستطيع هو نفسه قراءته.",
        "ولا يستطيع هو نفسه أن يفتح قائمة الأسماء.",
    ),
    (
        "und was sie über Unterzeichnende aufbewahren muss, kann sie selbst nicht lesen.",
        "und die Liste der Namen kann sie selbst nicht öffnen.",
    ),
    (
        "y lo que debe guardar sobre quienes firman no puede leerlo él mismo.",
        "y la lista de nombres no puede abrirla él mismo.",
    ),
    (
        "et ce qu’il doit conserver sur les signataires, il ne peut pas le lire lui-même.",
        "et la liste des noms, il ne peut pas l’ouvrir lui-même.",
    ),
    (
        "而關於簽署者必須保存的，本站自己也無法讀取。",
        "而名單，本站自己也無法打開。",
    ),
    (
        "so neither the site nor anybody who breaks into it can read who has signed.",
        "so neither the site nor anyone who breaks into it can open the list of names.",
    ),
    (
        "أن يقرأ من وقّع.",
        "أن يفتح قائمة الأسماء.",
    ),
    (
        "kann lesen, wer unterschrieben hat.",
        "kann die Liste der Namen öffnen.",
    ),
    (
        "puede leer quién firmó.",
        "puede abrir la lista de nombres.",
    ),
    (
        "ne peut lire qui a signé.",
        "ne peut ouvrir la liste des noms.",
    ),
    (
        "都無法讀出誰簽了名。",
        "都無法打開名單。",
    ),
]
FIELDS = {"SiteSettings": "safety_note", "Action": "explanation", "Page": "lede", "PageBlock": "body"}


def mended(text):
    for untrue, true in SENTENCES:
        text = text.replace(untrue, true)
    return text


def digest(text):
    """As `pages.translation.editor.digest`, which says whether a translation is older than its original."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def mend(apps, schema_editor):
    for model, field in FIELDS.items():
        for row in apps.get_model("pages", model).objects.iterator():
            before = getattr(row, field)
            after = mended(before)
            translations = {code: dict(texts) for code, texts in row.translations.items()}
            for texts in translations.values():
                if texts.get(field):
                    texts[field] = mended(texts[field])
                if texts.get("_from", {}).get(field) == digest(before):
                    texts["_from"] = texts["_from"] | {field: digest(after)}
            if after != before or translations != row.translations:
                setattr(row, field, after)
                row.translations = translations
                row.save(update_fields=[field, "translations"])


class Migration(migrations.Migration):
    dependencies = [("pages", "0010_newsletter_foot")]
    operations = [migrations.RunPython(mend, migrations.RunPython.noop, elidable=True)]
