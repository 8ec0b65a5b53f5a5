"""Folding of names so that they sort and are found regardless of case and accents.

The embedded PostgreSQL has neither ICU nor unaccent, so both sides do it by Unicode
decomposition: `folded` in the database, `fold` in Python.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Generic, TypeVar

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.functional import Promise

from portal.kit.safe import UNSEEN

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Words
else:
    Words = str | Promise  # a text, or one that is translated when it is shown

Thing = TypeVar("Thing")

# What one person writes for another's sign: hyphens, apostrophes, quotation marks.
_HYPHENS, _APOSTROPHES, _QUOTES = "‐‑‒–—―−﹘﹣－", "‘’‚‛′`´ʹʼ＇", "“”„‟″«»＂"
_SIGNS_FROM = _HYPHENS + _APOSTROPHES + _QUOTES
_SIGNS_TO = "-" * len(_HYPHENS) + "'" * len(_APOSTROPHES) + '"' * len(_QUOTES)
_LOOK_ALIKES = str.maketrans(_SIGNS_FROM, _SIGNS_TO)
# Letters that carry their mark inside and so do not decompose; a sigma is one wherever it stands.
_LETTERS_FROM, _LETTERS_TO = "øłđŧħıς", "oldthiσ"
_LETTERS = str.maketrans(_LETTERS_FROM, _LETTERS_TO)
_DROPPED = rf"[\u0300-\u036f{UNSEEN}]"
_FOLD_SQL = (
    "translate(lower(regexp_replace(normalize(translate(%(expressions)s, "
    f"""'{_SIGNS_FROM}', '{_SIGNS_TO.replace("'", "''")}'), NFKD), """
    f"'{_DROPPED}', '', 'g')), '{_LETTERS_FROM}', '{_LETTERS_TO}')"
)
_LOOK_ALIKE_SQL = (
    "lower(translate(normalize(%(expressions)s, NFKC), "
    f"""'{_SIGNS_FROM}', '{_SIGNS_TO.replace("'", "''")}'))"""
)

# Signs that stand on or beside letters and part no word: vowels and viramas of Indic and Southeast
# Asian scripts, points of Hebrew and Arabic. Ranges as regular expressions of Python and PostgreSQL
# write them.
_SIGNS = (
    r"\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e"
    r"\u0eb1-\u0ecd\u102b-\u103e\u17b4-\u17d3"
)
_SHORTEST_PLURAL = 5
WORD = re.compile(rf"(?:[^\W_]|[{_SIGNS}])+")


def fold(text: str) -> str:
    """The text in lower case without accents: "Éthiopie" gives "ethiopie".

    One kind of hyphens, apostrophes and quotation marks, and no sign that nobody sees.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = unicodedata.normalize("NFKD", text.translate(_LOOK_ALIKES))
    return re.sub(_DROPPED, "", plain).lower().translate(_LETTERS)


def any_case(text: str) -> str:
    """The text as the database's `lower` has it: what is unique there is told apart by this.

    Letter by letter, unlike Python's own `lower`, which looks at the letter before a sigma, and
    unlike `casefold`, which makes two letters of one.
    """
    return text.lower() if text.isascii() else "".join(letter.lower()[0] for letter in text)


def look_alike(text: str) -> str:
    """What one person reads as another wrote it: kinds of hyphens, quotes and wide letters."""
    plain = unicodedata.normalize("NFKC", text).translate(_LOOK_ALIKES)
    return any_case(" ".join(plain.split()).strip("'\" "))


class Alike(Generic[Thing]):
    """Things by number or code: by the very one in any case, else by the one that looks like it.

    Two that look alike are told apart by their signs only.
    """

    def __init__(self, pairs: Iterable[tuple[str, Thing]]) -> None:
        self._exact: dict[str, Thing] = {}
        self._alike: dict[str, list[Thing]] = {}
        for name, thing in pairs:
            self._exact[any_case(name)] = thing
            self._alike.setdefault(look_alike(name), []).append(thing)

    def get(self, name: str) -> Thing | None:
        """What is called so, or looks so; None if nothing or several do."""
        if (found := self._exact.get(any_case(name))) is not None:
            return found
        alike = self._alike.get(look_alike(name), ())
        return alike[0] if len(alike) == 1 else None


def folded(expression: str | models.Expression) -> models.Func:
    """SQL twin of `fold`; immutable, so that generated columns and indexes may use it."""
    return models.Func(expression, template=_FOLD_SQL, output_field=models.TextField())


def looking_alike(expression: str) -> models.Func:
    """SQL twin of `look_alike`, but for what it strips."""
    return models.Func(expression, template=_LOOK_ALIKE_SQL, output_field=models.TextField())


def searchable(expression: str | models.Expression, weight: str = "A") -> models.Func:
    """A weighted text-search vector over folded words.

    Anything that is neither letter nor digit parts words, so the last part of the
    number "XM-DAC-41114-PROJECT-00102004" is found by itself.
    """
    words = f"regexp_replace({_FOLD_SQL}, '[^[:alnum:]]+', ' ', 'g')"
    return models.Func(
        expression,
        template=f"setweight(to_tsvector('simple'::regconfig, {words}), '{weight}')",
        output_field=SearchVectorField(),
    )


def without_zeros(expression: str | models.Expression) -> models.Func:
    """A number as people say it: without the zeros that each run of digits begins with."""
    return models.Func(
        expression,
        template=r"regexp_replace(%(expressions)s, '(^|[^0-9])0+([1-9])', '\1\2', 'g')",
        output_field=models.TextField(),
    )


def sort_name(field: str = "name") -> models.GeneratedField:
    """A stored column to sort and look names up by."""
    return models.GeneratedField(
        expression=folded(field), output_field=models.TextField(), db_persist=True
    )


def search_names(*fields: str) -> models.GeneratedField:
    """A stored column to find names in: folded words, parted by one blank, each name on a line."""
    return models.GeneratedField(
        expression=models.Func(
            *fields,
            arg_joiner=" || chr(10) || ",
            template=f"regexp_replace({_FOLD_SQL}, '[^[:alnum:]{_SIGNS}\\n]+', ' ', 'g')",
            output_field=models.TextField(),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )


def squeeze(text: str) -> str:
    """A code without what people leave out or write otherwise: "UNDP 0071" gives "undp0071"."""
    return "".join(re.findall(r"[^\W_]+", fold(text)))


def squeezed(expression: str | models.Expression) -> models.Func:
    """SQL twin of `squeeze`; immutable, for indexes."""
    return models.Func(
        expression,
        template=f"regexp_replace({_FOLD_SQL}, '[^[:alnum:]]+', '', 'g')",
        output_field=models.TextField(),
    )


def last_number(expression: str | models.Expression) -> models.Func:
    """The last run of digits of a code, without its leading zeros; immutable, for indexes."""
    return models.Func(
        expression,
        template="ltrim(substring(%(expressions)s from '([0-9]+)[^0-9]*$'), '0')",
        output_field=models.TextField(),
    )


def search_words(query: str) -> str:
    """The query as a raw tsquery in which each word may be a beginning, or stand in singular or
    plural; "" if it has no word."""
    return " & ".join(map(word_query, WORD.findall(fold(query))[:12]))


def word_query(word: str, *, beginnings: bool = True, weight: str = "") -> str:
    """A folded word as it stands in a raw tsquery. It has letters, digits and their signs only.

    Beginnings are those of the word itself: a singular made of it has to stand whole.
    """
    whole = f":{weight}" if weight else ""
    first = f"'{word}':*{weight}" if beginnings else f"'{word}'{whole}"
    forms = [first, *(f"'{form}'{whole}" for form in number_forms(word)[1:])]
    return forms[0] if len(forms) == 1 else f"({' | '.join(forms)})"


def number_forms(word: str) -> list[str]:
    """A folded word, and what may be its singular or plural in English, French and Spanish.

    Plurals that only add letters are no other form: they begin with the word.
    """
    if len(word) < _SHORTEST_PLURAL or not (word.isascii() and word.isalpha()):
        return [word]
    if word.endswith("ies"):
        return [word, f"{word[:-3]}y"]
    if word.endswith("y"):
        return [word, f"{word[:-1]}ies"]
    if word.endswith("es"):
        return [word, word[:-1], word[:-2]]
    if word.endswith("s") and word[-2] not in "isu":
        return [word, word[:-1]]
    return [word]
