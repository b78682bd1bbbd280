"""The pages on which a signer sees, corrects, withdraws, takes along and deletes what is stored."""

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.protection.pages import personal_page, public_page
from petitions import leaving
from petitions.forms import AskForm, NameForm
from petitions.models import Signature

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


def show(
    request: HttpRequest, token: str, address: str, *, refused: NameForm | None = None, slug: str = ""
) -> HttpResponse:
    """With a form for each signature; the one of `slug` is the `refused` one."""
    signatures = leaving.signatures_of(address)
    forms = [refused if refused and slug == of(signature) else name_form(of(signature)) for signature in signatures]
    context = {"address": address, "signatures": list(zip(signatures, forms, strict=True)), "token": token}
    done = request.GET.get("done", "")
    return render(request, "petitions/mine.html", {**context, "done": done, "refused": refused})


def of(signature: Signature) -> str:
    return signature.petition.slug


def name_form(slug: str, typed: QueryDict | None = None) -> NameForm:
    """With ids of its own, since a page shows one for each petition."""
    return NameForm(typed, auto_id=f"id_{slug}_%s")


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
    """`withdraw`, `correct` or `forget` the signature of one petition; again does no harm."""
    address = leaving.address_of(token)
    if address is None:
        return render(request, UNUSABLE, status=404)
    signature = leaving.find(address, slug)
    form = name_form(slug, request.POST)
    if name == "correct" and not form.is_valid():
        return show(request, token, address, refused=form, slug=slug)
    if signature:
        do(name, signature, address, form)
    response = redirect("petitions:mine", token)
    response["Location"] += f"?done={name}"
    return response


def do(name: str, signature: Signature, address: str, form: NameForm) -> None:
    if name == "withdraw":
        leaving.withdraw(signature)
    elif name == "forget":
        leaving.forget(signature)
    else:
        leaving.correct(signature, name=form.cleaned_data["name"], address=address)
