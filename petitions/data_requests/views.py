"""The pages on which signers see, correct, withdraw, export and delete what is stored of them."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.protection.networks import client_address
from campaign.web.decorators import personal_page, public_page
from petitions.data_requests import self_service
from petitions.models import Channel, Signature
from petitions.public.comments import PublicComment
from petitions.signing.forms import AskForm, NameForm, VoiceForm

UNUSABLE = "petitions/leaving_unusable.html"


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take an address; the answer is the same for every one."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address, language = form.cleaned_data["email"], get_language() or "en"
        self_service.ask(address=address, language=language, client=client_address(request))
        return redirect("petitions:leaving-asked")
    return render(request, "petitions/leaving.html", {"form": form}, status=422 if form.errors else 200)


@public_page
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/leaving_asked.html")


@personal_page
@require_safe
def mine(request: HttpRequest, token: str) -> HttpResponse:
    address = self_service.address_in_token(token)
    if address is None:
        return render(request, UNUSABLE, status=404)
    return show(request, token, address)


def show(request: HttpRequest, token: str, address: str, *, refused: Form | None = None) -> HttpResponse:
    """Render two forms for each signature; a form that was refused takes the place of its fresh one."""
    entries = [
        (signature, *(again(fresh, refused) for fresh in (name_form(signature), voice_form(signature))))
        for signature in self_service.own_signatures(address)
    ]
    context = {"address": address, "signatures": entries, "token": token, "refused": refused}
    return render(request, "petitions/mine.html", {**context, "done": request.GET.get("done", "")})


def again(fresh: Form, refused: Form | None) -> Form:
    return refused if refused and refused.auto_id == fresh.auto_id else fresh


def name_form(signature: Signature, typed: QueryDict | None = None) -> Form:
    """Build the form for what may have been sealed, with ids of its own, since a page shows one for each signature."""
    form = NameForm(typed, auto_id=f"id_{signature.petition.slug}_%s")
    if signature.channel != Channel.PAPER:
        del form.fields["postal"]
    if not signature.petition.asks_why:
        del form.fields["reason"]
    return form


def voice_form(signature: Signature, typed: QueryDict | None = None) -> Form:
    words = self_service.public_part(signature) or {}
    shown = {"public_name": words.get("name", ""), "reason": words.get("reason", "")}
    return VoiceForm(typed, initial=shown, auto_id=f"id_{signature.petition.slug}_shown_%s")


@personal_page
@require_safe
def mine_export(request: HttpRequest, token: str) -> HttpResponse:
    address = self_service.address_in_token(token)
    if address is None:
        return render(request, UNUSABLE, status=404)
    response = JsonResponse(self_service.export(address), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-signatures.json"'
    return response


@personal_page
@require_POST
def self_service_act(request: HttpRequest, token: str, slug: str, name: str) -> HttpResponse:
    """Do one thing to the signature of one petition; repeating it does no harm."""
    address = self_service.address_in_token(token)
    if address is None:
        return render(request, UNUSABLE, status=404)
    if signature := self_service.find(address, slug):
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
        self_service.withdraw(signature)
    elif name == "forget":
        self_service.forget(signature)
    elif name == "correct":
        self_service.correct(signature, address=address, **typed)
    else:
        said = PublicComment(typed.get("reason", ""), typed.get("public_name", ""), is_public=name == "speak")
        self_service.speak(signature, said)
