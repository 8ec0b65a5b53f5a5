"""Python reads this where processes of the portal start: what only checks need, and libraries take
where they find it, is not there where the portal runs."""

import sys

for _name in ("rich", "requests"):
    sys.modules[_name] = None  # type: ignore[assignment]
