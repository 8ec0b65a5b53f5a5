"""Whoever acts: the views and admin pages that ask have let in nobody who did not sign in."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from projects.models import User


def signed_in(request: HttpRequest) -> User:
    """The person who has signed in. Raises PermissionDenied where nobody has."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
