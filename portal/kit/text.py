"""Folding of names so that they sort and are found regardless of case and accents.

The embedded PostgreSQL has neither ICU nor unaccent, so both sides do it by Unicode
decomposition: `folded` in the database, `fold` in Python.
"""

import re
import unicodedata
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.functional import Promise

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Words
else:
    Words = str | Promise  # a text, or one that is translated when it is shown

# Letters that carry their mark inside and so do not decompose.
_UNDECOMPOSED = str.maketrans("øłđŧħı", "oldthi")
_LOOK_ALIKES = (
    dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
    | dict.fromkeys(map(ord, "‘’‚‛′`´ʹʼ＇"), "'")
    | dict.fromkeys(map(ord, "“”„‟″«»＂"), '"')
)
_FOLD_SQL = (
    "translate(lower(regexp_replace(normalize(%(expressions)s, NFKD), "
    r"'[\u0300-\u036f]', '', 'g')), 'øłđŧħı', 'oldthi')"
)

# Signs that stand on or beside letters and part no word: vowels and viramas of Indic and Southeast
# Asian scripts, points of Hebrew and Arabic. Ranges as regular expressions of Python and PostgreSQL
# write them.
_SIGNS = (
    r"\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e"
    r"\u0eb1-\u0ecd\u102b-\u103e\u17b4-\u17d3"
)
WORD = re.compile(rf"(?:[^\W_]|[{_SIGNS}])+")


def fold(text: str) -> str:
    """The text in lower case without accents: "Éthiopie" gives "ethiopie"."""
    plain = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text))
    return plain.lower().translate(_UNDECOMPOSED)


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


def folded(expression: str | models.Expression) -> models.Func:
    """SQL twin of `fold`; immutable, so that generated columns and indexes may use it."""
    return models.Func(expression, template=_FOLD_SQL, output_field=models.TextField())


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
    """The query as a raw tsquery in which each word may be a beginning; "" if it has no word."""
    words = WORD.findall(fold(query))
    return " & ".join(f"'{word}':*" for word in words[:12])
