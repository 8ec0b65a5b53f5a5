"""The office's colours and logo: what may be chosen, and how both are served."""

import hashlib
import re

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from portal.about.office import office_of
from projects.models import Office

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LIGHT, DARK = "#ffffff", "#131718"  # the page's ground by day and by night, as in tokens.css
MIN_CONTRAST = 4.5
_YEAR = 31_536_000


# --- Colours


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as #0b5d6b, as WCAG 2 defines it: 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def require_contrast(colour: str, ground: str) -> None:
    """Raises ValidationError, in words, where text in the colour could not be read."""
    if (ratio := contrast(colour, ground)) >= MIN_CONTRAST:
        return
    raise ValidationError(
        _(
            "Text in %(colour)s on %(ground)s has a contrast of %(ratio).2f : 1; readers "
            "need at least %(least)s : 1. Choose a colour that stands out more."
        ),
        code="contrast",
        params={
            "colour": colour,
            "ground": ground,
            # Rounded down, or 4.499 would read as enough.
            "ratio": int(ratio * 100) / 100,
            "least": MIN_CONTRAST,
        },
    )


def _theme(office: Office) -> str:
    rules = []
    for variable, field in (("--accent", "accent"), ("--accent-dark", "accent_dark")):
        value = getattr(office, field)
        if not COLOUR.fullmatch(value):
            value = getattr(Office(), field)
        rules.append(f"{variable}:{value};")
    return f":root{{{''.join(rules)}}}\n"


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _theme_etag(request: HttpRequest) -> str:
    return f'"{_version(_theme(office_of(request)))}"'


def theme_url(office: Office) -> str:
    """The style sheet of the colours, at an address that changes with them."""
    return f"{reverse('theme-css')}?v={_version(_theme(office))}"


@require_safe
@condition(etag_func=_theme_etag)
def theme_css(request: HttpRequest) -> HttpResponse:
    """The office's two colours, as a style sheet; kept for long at the address that names them."""
    theme = _theme(office_of(request))
    response = HttpResponse(theme, content_type="text/css; charset=utf-8")
    if request.GET.get("v") == _version(theme):
        patch_cache_control(response, public=True, max_age=_YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=300)
    return response


# --- The logo


def logo_url(office: Office) -> str:
    """The uploaded logo, at an address that changes with it, or the portal's own."""
    if not office.logo:
        return static("img/logo.svg")
    return f"{reverse('office-logo')}?v={_version(str(office.logo.name))}"


@require_safe
@cache_control(public=True, max_age=3600)
def office_logo(request: HttpRequest) -> FileResponse:
    """The uploaded logo, if it is an image of a known kind."""
    # Only here: every page is asked for its colours, few for a picture.
    from portal.kit.files.logos import LOGO_TYPES, image_format

    logo = office_of(request).logo
    if not logo:
        raise Http404
    try:
        file = logo.storage.open(str(logo.name))
    except FileNotFoundError as error:
        raise Http404 from error
    media_type = LOGO_TYPES.get(image_format(file))
    if media_type is None:
        file.close()
        raise Http404
    response = FileResponse(file, content_type=media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
