"""Passwords that look long and are guessed first: repetitions, rows of keys, common ones."""

import re
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from projects.models import User

FEWEST_SIGNS = 6
_ROWS = ("qwertyuiopasdfghjklzxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "qwertzuiopasdfghjklyxcvbnm")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", *_ROWS)
# So many signs in the order of keys, alphabet or digits count as one.
_RUN = 4


class GuessedFirst:
    """Refuses what a program tries first, whatever its length."""

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002
        """Raises ValidationError."""
        low = password.lower()
        few = len(set(low)) < FEWEST_SIGNS
        if few or _is_repeated(low) or _is_run(low) or _is_common_within(low):
            raise ValidationError(
                _(
                    "This password is guessed first: it repeats itself, follows the keys, or adds "
                    "little to a common one. Choose several words that do not belong together."
                ),
                code="guessed_first",
            )

    def get_help_text(self) -> str:
        """What is said beside the field."""
        return _("Several words that do not belong together make a good password.")


def _is_repeated(text: str) -> bool:
    """Whether a shorter piece, at least twice, is all there is."""
    return re.fullmatch(r"(.{1,40}?)\1+.{0,2}", text[:200], re.DOTALL) is not None


def _is_run(text: str) -> bool:
    """Whether little is left once runs of keys, letters and digits count as one sign each."""
    signs, at = 0, 0
    while at < len(text):
        at += max(
            (_run_at(text, at, row) for row in (*_RUNS, *(r[::-1] for r in _RUNS))), default=1
        )
        signs += 1
    return signs < FEWEST_SIGNS


def _run_at(text: str, at: int, row: str) -> int:
    length = 1
    while at + length < len(text) and text[at : at + length + 1] in row:
        length += 1
    return length if length >= _RUN else 1


def _is_common_within(text: str) -> bool:
    """Whether a common password is all but a few signs of it."""
    plain = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    pieces = {text, plain, re.sub(r"[\W\d_]+", "", text)}
    return any(piece in _common() and len(piece) >= len(text) - 6 for piece in pieces if piece)


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
