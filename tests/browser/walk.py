"""Walking the site: every address that the application has, and every link that its pages show."""

import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Error

from sync_server.web.app import addresses

# Not walked: they never end or they are files. Whether they open to the right people is asked all the same.
_NO_PAGES = re.compile(
    r"/live|/login/oidc|.*/file$|.*/evidence/|.*\.(xlsx|pdf|zip|txt|\{kind\})$|/office$"
)
_PART = re.compile(r"\{(\w+)(?::\w+)?\}")


def every_address() -> set[str]:
    """The addresses that can be read, as the application names them: /people/{nip}."""
    return {path for path, methods in addresses() if "GET" in methods}


def filled(path: str, values: dict[str, str]) -> str:
    """An address with values in the place of its parts."""
    return _PART.sub(lambda part: values[part[1]], path)


def kind(url: str) -> str:
    """Which page an address is of, "" for what is no page."""
    path = urlsplit(url).path
    for name in sorted(every_address(), key=lambda one: ("{" in one, -len(one))):
        if re.fullmatch(_PART.sub(r"[^/]+", re.sub(r"([.+])", r"\\\1", name)), path):
            return "" if _NO_PAGES.fullmatch(path) or _NO_PAGES.match(name) else name
    return ""


def walked(page, wrong, each=2):
    """(the page, its kind) at every address that links lead to, from the first page on; each kind
    `each` times. A link that its reader may not follow is wrong."""
    waiting, seen, kinds = ["/"], set(), Counter()
    while waiting:
        path = waiting.pop(0)
        name = kind(path)
        if path in seen or not name or kinds[name] >= each:
            continue
        seen.add(path)
        kinds[name] += 1
        answer = _gone_to(page, path)
        if answer is None:
            continue
        if answer.status != 200:
            wrong.append(f"{path} is shown as a link and answers {answer.status}")
            continue
        yield page, name
        waiting += _links(page)


def _gone_to(page, path):
    """The answer; None where the browser keeps it as a file."""
    try:
        return page.goto(path)
    except Error as problem:
        if "Download is starting" not in str(problem):
            raise
        return None


def _links(page) -> list[str]:
    host = urlsplit(page.url).netloc
    found = page.eval_on_selector_all("a[href]", "(all) => all.map((one) => one.href)")
    parts = [urlsplit(urljoin(page.url, link)) for link in found]
    here = [one for one in parts if one.netloc == host and "lang=" not in one.query]
    return [one.path + (f"?{one.query}" if one.query else "") for one in here]


# Everything that is wrong with a page at once, whoever looks at it.
FAULTS = """() => {
  const wrong = [];
  const seen = (one) => one.checkVisibility({visibilityProperty: true});
  if (!document.title.split(' · ')[0].trim()) wrong.push('no title');
  if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
  if (!['id', 'en'].includes(document.documentElement.lang)) wrong.push('no language');
  const wide = document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth;
  if (wide > 0) {
    const widest = [...document.querySelectorAll('main *')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 3)
      .map((one) => one.tagName + '.' + one.className + ' ' + one.textContent.trim().slice(0, 30));
    wrong.push(`${wide} px wider than the window: ${widest.join(' | ')}`);
  }
  for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    if (!seen(field)) continue;
    if (!field.labels.length && !field.getAttribute('aria-label')) wrong.push(`no label: ${field.name}`);
  }
  for (const one of document.querySelectorAll('a[href], button')) {
    const said = one.textContent.trim() || one.getAttribute('aria-label') ||
      one.querySelector('img[alt], svg title')?.textContent;
    if (seen(one) && !said) wrong.push(`says nothing: ${one.outerHTML.slice(0, 80)}`);
  }
  for (const image of document.querySelectorAll('img:not([alt])')) wrong.push(`no alt: ${image.src}`);
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) wrong.push(`id twice: ${id}`);
  for (const form of document.querySelectorAll('form[method=post]')) {
    if (!form.querySelector('[name=csrf]') && !['/login', '/mulai'].includes(form.getAttribute('action')))
      wrong.push(`a form without its word: ${form.action}`);
  }
  return wrong;
}"""

# Every sum whose parts, at the address that it links to, do not add up to it. A fragment names the part
# of that page that counts.
UNTRUE = """async () => {
  const read = new Map();
  const wrong = [];
  for (const link of document.querySelectorAll('a[data-sum]')) {
    const [address, mark] = link.href.split('#');
    if (address === location.href.split('#')[0]) read.set(address, [200, document]);
    if (!read.has(address)) {
      const answer = await fetch(address);
      const text = await answer.text();
      read.set(address, [answer.status, new DOMParser().parseFromString(text, 'text/html')]);
    }
    const [status, page] = read.get(address);
    const where = mark ? page.getElementById(mark) : page;
    const name = link.dataset.of ? `data-part-${link.dataset.of}` : 'data-part';
    const parts = where ? [...where.querySelectorAll(`[${name}]`)].map((one) => one.getAttribute(name)) : [];
    const sum = parts.reduce((all, one) => all + Number(one), 0);
    if (status !== 200 || !where || sum !== Number(link.dataset.sum))
      wrong.push(`${link.dataset.sum} (${link.textContent.trim()}) is ${sum} of ${parts.length} parts ` +
        `at ${link.getAttribute('href')}, ${status}`);
  }
  return [document.querySelectorAll('a[data-sum]').length, wrong];
}"""

# Notes how everything looks that the focus comes to; the answer: how many Tabs there may be at most.
WATCH = """(inside) => {
  window.unseen = [];
  window.inside = document.querySelector(inside);
  document.addEventListener('focusin', (event) => {
    const one = event.target, style = getComputedStyle(one);
    if (one.tabIndex < 0) return;
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    one.dataset.reached = '1';
    if (!ring && style.boxShadow === 'none') window.unseen.push(one.outerHTML.slice(0, 90));
  });
  document.activeElement.blur();
  window.inside.focus();
  const all = window.inside.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]');
  const dates = window.inside.querySelectorAll('[type=date], [type=month], [type=datetime-local]');
  return all.length + 6 * dates.length;
}"""
UNREACHED = """() => [...window.inside.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled &&
    !one.dataset.reached && one.tabIndex >= 0 &&
    !(one.type === 'radio' && !one.checked))
  .map((one) => one.outerHTML.slice(0, 90))"""
