"""What a web process brings along from its start."""

import subprocess
import sys

from django.conf import settings

_LARGE = ("openpyxl", "PIL", "weasyprint", "fido2", "redis", "rest_framework", "drf_spectacular")
_LARGE_EVEN_WITH_PAGES = ("openpyxl", "redis", "weasyprint", "drf_spectacular", "django.test")


def _loaded(modules: str, names: tuple[str, ...]) -> str:
    loaded = f"[name for name in {names} if name in sys.modules]"
    return _said(f"import sys, {modules}; print(*{loaded})")


def _said(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=settings.BASE_DIR,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()


def test_a_web_process_knows_from_its_start_what_code_it_is():
    """Asked later, the files may be those of the version after it: then it would say 503."""
    code = (
        "import portal.wsgi; from portal.health import database as d;"
        "print(d._known_migrations.cache_info().currsize, d.code_digest.cache_info().currsize)"
    )
    assert _said(code) == "1 1"


def test_a_web_process_starts_without_what_few_of_its_answers_need():
    assert _loaded("portal.wsgi", _LARGE) == ""


def test_the_first_page_brings_along_nothing_that_only_files_and_the_schema_need():
    assert _loaded("portal.wsgi, portal.urls", _LARGE_EVEN_WITH_PAGES) == ""
