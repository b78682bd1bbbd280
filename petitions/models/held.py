from django.utils.translation import gettext_lazy as _

from petitions.models.signature import Signature


class HeldSignature(Signature):
    """The same rows as the moderators' queue."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("held signature")
        verbose_name_plural = _("held signatures")
