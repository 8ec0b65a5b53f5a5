"""axe in a page: all rules of WCAG and of best practice, but contrast of each look thrice.

Contrast is by far the dearest rule, asked of each text by itself; of a hundred rows it is asked a
hundred times. What makes it is the same for texts that look alike and stand in what looks alike,
all the way up to the body: on the next page, too, of a walk by which looks are remembered.
"""

from collections.abc import MutableMapping
from typing import TypeAlias

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# How often contrast was asked of texts of each look.
Looks: TypeAlias = MutableMapping[str, int]
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
_CONTRAST = "color-contrast"
# What axe looked at besides is neither worked out in full nor brought over. Contrast is not asked
# of what holds only texts that look, with all that they stand in, like three before them. A look is
# known by a digest of two times 32 bits.
_RUN = """async ([runOnly, contrast, known]) => {
  const looks = ["color", "backgroundColor", "backgroundImage", "opacity", "filter", "position",
    "mixBlendMode", "textShadow", "fontSize", "fontWeight", "display", "visibility", "clipPath"];
  const seen = new Map(Object.entries(known)), alike = new Set();
  const digest = (text) => {
    let [one, two] = [0xdeadbeef, 0x41c6ce57];
    for (let at = 0; at < text.length; at++) {
      one = Math.imul(one ^ text.charCodeAt(at), 2654435761);
      two = Math.imul(two ^ text.charCodeAt(at), 1597334677);
    }
    one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
    two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
    return `${two >>> 0}.${one >>> 0}`;
  };
  const look = (element, above) => {
    const style = getComputedStyle(element);
    const shown = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const chain = digest([above, element.tagName, element.getAttribute("class"), shown,
      element.matches(":disabled"), ...looks.map((name) => style[name])].join("|"));
    const text = element.matches("input, select, textarea") ? "a field" :
      [...element.childNodes].map((node) => node.nodeType === 3 ? node.data : "").join("").trim();
    // axe passes over single signs; and what is behind one text may be hidden from it.
    const kind = `${chain} ${/[\\p{L}\\p{N}].*[\\p{L}\\p{N}]/su.test(text)}`;
    const before = seen.get(kind) ?? 0;
    let isNew = text !== "" && before < 3;
    if (text) seen.set(kind, before + 1);
    for (const child of element.children) isNew = look(child, chain) || isNew;
    if (!isNew) alike.add(element);
    return isNew;
  };
  look(document.body, "");
  const exclude = [...alike].filter((element) => !alike.has(element.parentElement));
  const resultTypes = ["violations"];
  const found = [];
  if (runOnly) found.push(await axe.run(document,
    { runOnly, resultTypes, rules: { [contrast]: { enabled: false } } }));
  found.push(await axe.run({ include: [document], exclude },
    { runOnly: { type: "rule", values: [contrast] }, resultTypes }));
  return [found.flatMap((part) => part.violations).flatMap(
    (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`)), Object.fromEntries(seen)];
}"""


def violations(page: Page, looks: Looks | None = None) -> list[str]:
    """What axe finds; evaluated in the page, since the CSP lets no script tag in.

    Looks of the pages before, where they are given, get those of this one.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return _run(page, {"type": "tag", "values": TAGS}, looks)


def in_the_dark(page: Page, looks: Looks | None = None) -> list[str]:
    """What the rules that look at colours find in the dark: only colours are others there."""
    page.emulate_media(color_scheme="dark")
    found = _run(page, {"type": "rule", "values": ["link-in-text-block"]}, looks)
    page.emulate_media(color_scheme="light")
    return found


def _run(page: Page, rules: dict[str, object], looks: Looks | None) -> list[str]:
    looks = {} if looks is None else looks
    found, seen = page.evaluate(_RUN, [rules, _CONTRAST, looks])
    looks.update(seen)
    return found


_SIDEWAYS = """() => [...document.querySelectorAll("main *:not(pre, textarea)")].filter(
  (box) => box.clientWidth && box.scrollWidth > box.clientWidth + 1
    && ["auto", "scroll"].includes(getComputedStyle(box).overflowX)
).map((box) => `${box.className} scrolls sideways`)"""
# How many screens of 800 and of 844 px a page may take.
_SCREENS = {1280: (6, 800), 390: (10, 844)}


# When a frame was drawn, what listens to the window's size has measured the page anew.
_DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def widen(page: Page, width: int) -> None:
    """Give a page's window this width, and wait until the page is laid out for it.

    A page is the same at each width but for its layout: it need not be fetched again.
    """
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(_DRAWN)


def too_wide(page: Page) -> list[str]:
    """By how much a page is wider than its window."""
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{over} px too wide"] if over > 0 else []


def scrolls_in_itself(page: Page) -> list[str]:
    """What scrolls sideways within the page, as nothing does on a telephone but lines of code."""
    return page.evaluate(_SIDEWAYS)


def too_long(page: Page) -> list[str]:
    """Of how many screens a page is that has more than one reads."""
    most, screen = _SCREENS[page.evaluate("innerWidth")]
    screens = page.evaluate("document.documentElement.scrollHeight") / screen
    return [f"{screens:.1f} screens long"] if screens > most else []


def in_both_windows(page: Page, looks: Looks) -> list[str]:
    """What axe finds in a narrow and in a wide window, and by how much the page is wider."""
    found = []
    for width in (390, 1280):
        widen(page, width)
        faults = [*too_wide(page), *violations(page, looks)]
        found += [f"at {width} px: {fault}" for fault in faults]
    return found
