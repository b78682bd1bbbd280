"""What staff do with petitions. Signatures are not listed by who: nobody here can read that."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from petitions.models import Petition, PetitionKey, PetitionText, Signature


class TextInline(admin.StackedInline[PetitionText, Petition]):
    model = PetitionText
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False


class KeyInline(admin.TabularInline[PetitionKey, Petition]):
    model = PetitionKey
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Petition | None = None) -> bool:
        return False


@admin.register(Petition)
class PetitionAdmin(admin.ModelAdmin[Petition]):
    list_display = ["slug", "visibility", "status_in_words", "count", "goal", "closes_at"]
    list_select_related = ["total", "active_key"]
    inlines = [TextInline, KeyInline]

    @admin.display(description=_("state"))
    def status_in_words(self, petition: Petition) -> str:
        return petition.status


@admin.register(Signature)
class SignatureAdmin(admin.ModelAdmin[Signature]):
    """States, countries and days; constant in queries however many there are."""

    list_display = ["id", "petition", "state", "country", "language", "channel", "signed_on", "confirmed_on"]
    list_filter = ["state", "channel"]
    list_select_related = ["petition"]
    show_full_result_count = False
    ordering = ["-id"]
    exclude = ["sealed", "fingerprint", "nonce", "token_digest"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Signature | None = None) -> bool:
        return False
