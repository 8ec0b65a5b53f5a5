"""What a check says: what is wrong, in plain words, and how to mend it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import Error, ProgrammingError, transaction
from django.utils.translation import gettext as _

from portal.kit.text import Words


@dataclass(frozen=True)
class Trouble:
    """One matter: `key` tells it from others for as long as it lasts.

    What is not grave should be otherwise, but nothing stands still for it. Administrators are
    mailed what is to be told.
    """

    key: str
    said: str
    mend: str = ""
    grave: bool = True
    tell: bool = False


@dataclass(frozen=True)
class Check:
    """Something that is looked at; `look` yields what is wrong, and nothing if all is well."""

    name: str
    title: Words
    look: Callable[[], Iterable[Trouble]]
    # Whether it asks the database.
    asks: bool = True
    # Whether there is anything to look at; what is not set up is not in order either.
    is_used: Callable[[], bool] = lambda: True

    def troubles(self) -> list[Trouble]:
        """What is wrong; a check that cannot be made is a trouble itself."""
        try:
            if not self.asks:
                return list(self.look())
            with transaction.atomic():
                return list(self.look())
        except Error as error:
            if isinstance(error, ProgrammingError):
                return [
                    Trouble(
                        "no-tables", _("The database lacks tables, and cannot be looked at."),
                        _("Run manage.py prepare."),
                    )
                ]  # fmt: skip
            return [
                Trouble(
                    "database", _("The database does not answer."),
                    _("Start PostgreSQL, or correct DATABASE_URL."),
                )
            ]  # fmt: skip
        except OSError as error:
            return [Trouble(self.name, f"{type(error).__name__}: {error}")]
