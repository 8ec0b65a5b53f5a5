"""The table of the cache that all processes share."""

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

_COUNT_UP = """
INSERT INTO portal_cache AS entry (cache_key, value, expires)
VALUES (%s, '1', now() + %s * interval '1 second')
ON CONFLICT (cache_key) DO UPDATE SET value = (entry.value::int + 1)::text RETURNING value::int
"""


class CacheEntryQuerySet(models.QuerySet["CacheEntry"]):
    """Counting."""

    def count_up(self, key: str, seconds: int) -> int:
        """One more under this key, which is forgotten some time after so many seconds."""
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_UP, [key, seconds])
            return int(cursor.fetchone()[0])


class CacheEntry(models.Model):
    """The table of Django's cache in the database, which all processes and machines share.

    Counters of attempts and used codes live here: in local memory each process would count
    for itself.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    objects = CacheEntryQuerySet.as_manager()

    class Meta:
        db_table = "portal_cache"
        verbose_name = _("entry of the cache")
        verbose_name_plural = _("entries of the cache")

    def __str__(self) -> str:
        return self.cache_key
