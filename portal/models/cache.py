"""The table of the cache that all processes share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CacheEntry(models.Model):
    """The table of Django's cache in the database, which all processes and machines share.

    Counters of attempts and used codes live here: in local memory each process would count
    for itself.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "portal_cache"
        verbose_name = _("entry of the cache")
        verbose_name_plural = _("entries of the cache")

    def __str__(self) -> str:
        return self.cache_key
