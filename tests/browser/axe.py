"""axe in a page: all rules of WCAG and of best practice, but contrast of each look thrice.

Contrast is by far the dearest rule, asked of each text by itself; of a hundred rows it is asked a
hundred times. What makes it is the same for texts that look alike and stand in what looks alike.
"""

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
_CONTRAST = "color-contrast"
# What axe looked at besides is neither worked out in full nor brought over. Contrast is not asked
# of what holds only texts that look, with all that they stand in, like three before them.
_RUN = """async ([runOnly, contrast]) => {
  const looks = ["color", "backgroundColor", "backgroundImage", "opacity", "filter", "position",
    "mixBlendMode", "textShadow", "fontSize", "fontWeight", "display", "visibility", "clipPath"];
  const chains = new Map(), seen = new Map(), alike = new Set();
  const look = (element, above) => {
    const style = getComputedStyle(element);
    const shown = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const own = [above, element.tagName, element.getAttribute("class"), shown,
      element.matches(":disabled"), ...looks.map((name) => style[name])].join("|");
    if (!chains.has(own)) chains.set(own, chains.size);
    const chain = chains.get(own);
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
  return found.flatMap((part) => part.violations).flatMap(
    (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`));
}"""


def violations(page: Page) -> list[str]:
    """What axe finds; evaluated in the page, since the CSP lets no script tag in."""
    page.evaluate(AXE)
    return page.evaluate(_RUN, [{"type": "tag", "values": TAGS}, _CONTRAST])


def in_the_dark(page: Page) -> list[str]:
    """What the rules that look at colours find in the dark: only colours are others there."""
    page.emulate_media(color_scheme="dark")
    found = page.evaluate(_RUN, [{"type": "rule", "values": ["link-in-text-block"]}, _CONTRAST])
    page.emulate_media(color_scheme="light")
    return found


def too_wide(page: Page) -> list[str]:
    """By how much a page is wider than its window."""
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{over} px too wide"] if over > 0 else []
