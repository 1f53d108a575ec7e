"""What a person would see at once: text cut off, type too small, colours too alike."""

# Everything that must not be cut off, and may not reach out of the window.
_CUT = """() => {
  const wrong = [];
  const boxes = 'header, header p, main, #panel, #word, #sentence, #cards li, #cards .line, ' +
    '#dialog, #days, #fields output, #digits button, footer, nav button, #privacy, #ring, .turn';
  for (const box of document.querySelectorAll(boxes)) {
    const style = getComputedStyle(box);
    if (style.display === 'none' || !box.getClientRects().length) continue;
    const name = box.id || box.className || box.tagName;
    const at = box.getBoundingClientRect();
    if (at.left < -16 || at.top < -1 || at.right > innerWidth + 16 || at.bottom > innerHeight + 1)
      wrong.push(`${name} reaches out of the window`);
    // Letters reach a little out of tight lines; only boxes that hide what is too tall can cut it.
    const tall = style.overflowY === 'hidden' && box.scrollHeight > box.clientHeight + 2;
    if (tall || (box.clientWidth && box.scrollWidth > box.clientWidth + 2))
      wrong.push(`${name} is cut off: ${box.textContent.trim().slice(0, 60)}`);
  }
  return wrong;
}"""

_CONTRAST = """(selector) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const c = part / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const clear = (colour) => /^rgba\\(.*, 0\\)$/.test(colour) || colour === 'transparent';
  const ratios = {};
  for (const text of document.querySelectorAll(selector)) {
    if (!text.getClientRects().length || !text.textContent.trim()) continue;
    let ground = text;
    while (ground && clear(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
    const [a, b] = [getComputedStyle(text).color, getComputedStyle(ground).backgroundColor].map(light);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const name = text.id || text.className || text.tagName;
    ratios[name] = Math.min(ratio, ratios[name] || 99);
  }
  return ratios;
}"""

MAIN_TEXT = (
    "#word, #sentence, #cards span, #time, #zone, #date, #line-text, #place, #doubt, #alert, "
    "nav button, #privacy, #names span, #dialog h2, #dialog label, #dialog output, #help, #refused, "
    "#dialog button, #days td, #about h3, #about p"
)


def cut_off(page):
    """What is cut off or out of the window."""
    return page.evaluate(_CUT)


def pale(page):
    """Main text with less than 7:1 against its ground."""
    return {name: r for name, r in page.evaluate(_CONTRAST, MAIN_TEXT).items() if r < 7}


def heading_px(page, selector="#word"):
    """The type size of a heading."""
    return page.eval_on_selector(selector, "(h) => parseFloat(getComputedStyle(h).fontSize)")
