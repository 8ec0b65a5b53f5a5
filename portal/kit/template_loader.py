"""Templates without the indentation in which people read them: lists of rows repeat it."""

import re

from django.template import Origin
from django.template.loaders import filesystem

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
# What is shown as it stands.
_AS_IT_STANDS = ("<pre", "<textarea")


class Loader(filesystem.Loader):
    """Reads templates from `DIRS`; HTML without spaces at the beginning of lines."""

    def get_contents(self, origin: Origin) -> str:
        """The template's text. Raises TemplateDoesNotExist."""
        contents = super().get_contents(origin)
        if not str(origin.name).endswith(".html") or any(tag in contents for tag in _AS_IT_STANDS):
            return contents
        return _INDENTATION.sub("", contents)
