"""Why a file is refused, as a code; `documents/refusals.py` has the words."""


class Refused(Exception):
    """The file may not come in; `code` says why, `detail` names the part of it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail[:200]
