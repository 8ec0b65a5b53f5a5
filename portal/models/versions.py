"""How often anything that public pages read has changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Changes(models.Model):
    """Counts of transactions that changed what public pages read; their sum is its version.

    Triggers count (portal/sql/changes.sql), in whichever row no other transaction holds: so
    nobody waits for a release that is under way.
    """

    count = models.BigIntegerField(_("changes"), default=0)
    # Of these, those of what the package of all data and our IATI are made of.
    given = models.BigIntegerField(_("changes of what is given away"), default=0)

    web_may_update = ()

    class Meta:
        verbose_name = _("changes of public data")
        verbose_name_plural = _("changes of public data")

    def __str__(self) -> str:
        return str(self.count)
