"""The pages on which a signer sees, corrects, withdraws, takes along and deletes what is stored."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.protection.pages import personal_page, public_page
from petitions import leaving
from petitions.forms import AskForm, NameForm, VoiceForm
from petitions.models import Channel, Signature
from petitions.voices import Said

UNUSABLE = "petitions/leaving_unusable.html"


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Takes an address; the same answer for every one."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        leaving.ask(address=form.cleaned_data["email"], language=get_language() or "en")
        return redirect("petitions:leaving-asked")
    return render(request, "petitions/leaving.html", {"form": form}, status=422 if form.errors else 200)


@public_page
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/leaving_asked.html")


@personal_page
@require_safe
def mine(request: HttpRequest, token: str) -> HttpResponse:
    address = leaving.address_of(token)
    if address is None:
        return render(request, UNUSABLE, status=404)
    return show(request, token, address)


def show(request: HttpRequest, token: str, address: str, *, refused: Form | None = None) -> HttpResponse:
    """With two forms for each signature; one that was refused stands in the place of the fresh one."""
    entries = [
        (signature, *(again(fresh, refused) for fresh in (name_form(signature), voice_form(signature))))
        for signature in leaving.signatures_of(address)
    ]
    context = {"address": address, "signatures": entries, "token": token, "refused": refused}
    return render(request, "petitions/mine.html", {**context, "done": request.GET.get("done", "")})


def again(fresh: Form, refused: Form | None) -> Form:
    return refused if refused and refused.auto_id == fresh.auto_id else fresh


def name_form(signature: Signature, typed: QueryDict | None = None) -> Form:
    """Asks for what may have been sealed. With ids of its own, since a page shows one for each petition."""
    form = NameForm(typed, auto_id=f"id_{signature.petition.slug}_%s")
    if signature.channel != Channel.PAPER:
        del form.fields["postal"]
    if not signature.petition.asks_why:
        del form.fields["reason"]
    return form


def voice_form(signature: Signature, typed: QueryDict | None = None) -> Form:
    words = leaving.public_part(signature) or {}
    shown = {"public_name": words.get("name", ""), "reason": words.get("reason", "")}
    return VoiceForm(typed, initial=shown, auto_id=f"id_{signature.petition.slug}_shown_%s")


@personal_page
@require_safe
def mine_export(request: HttpRequest, token: str) -> HttpResponse:
    address = leaving.address_of(token)
    if address is None:
        return render(request, UNUSABLE, status=404)
    response = JsonResponse(leaving.export(address), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-signatures.json"'
    return response


@personal_page
@require_POST
def act(request: HttpRequest, token: str, slug: str, name: str) -> HttpResponse:
    """Do something to the signature of one petition; again does no harm."""
    address = leaving.address_of(token)
    if address is None:
        return render(request, UNUSABLE, status=404)
    if signature := leaving.find(address, slug):
        form = FORMS[name](signature, request.POST) if name in FORMS else None
        if form and not form.is_valid():
            return show(request, token, address, refused=form)
        do(name, signature, address, form.cleaned_data if form else {})
    response = redirect("petitions:mine", token)
    response["Location"] += f"?done={name}"
    return response


FORMS = {"correct": name_form, "speak": voice_form}


def do(name: str, signature: Signature, address: str, typed: dict[str, str]) -> None:
    if name == "withdraw":
        leaving.withdraw(signature)
    elif name == "forget":
        leaving.forget(signature)
    elif name == "correct":
        leaving.correct(signature, address=address, **typed)
    else:
        said = Said(typed.get("reason", ""), typed.get("public_name", ""), is_public=name == "speak")
        leaving.speak(signature, said)
