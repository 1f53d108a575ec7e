// The page's parts by name.

export const at = (id) => document.getElementById(id);

// A word that the page brought along in its own language.
export const word = (key) => document.querySelector(`[data-word="${key}"]`).textContent;

// Let a <use> draw another shape.
export const shape = (id, name) => at(id).setAttribute("href", `#${name}`);

// A new <svg> with one of the page's shapes.
export function drawn(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

// A new element with text in it.
export function made(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
