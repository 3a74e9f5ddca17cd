// Elements, made without any HTML in between: a text is a text, whatever stands in it.

/** `el('button', {class: 'x', onclick: f, 'aria-label': 'Send'}, child, 'text')`. What is null, false or undefined is left out. */
export function el(tag, about = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'dataset') Object.assign(element.dataset, value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Set or take away an attribute. */
export function attribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** Give a list its children by key: what is the same stays the same element, with its focus.
 *  `items`: `[{key, …}]`; `make(item)` an element. An item that reads as before is not made again. */
export function keyed(parent, items, make) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const focused = parent.contains(document.activeElement) ? document.activeElement.closest('[data-key]') : null;
  let refocus = null;
  const wanted = items.map((item) => {
    const reads = JSON.stringify(item);
    const old = before.get(item.key);
    if (old && old.reads === reads) return old;
    const element = make(item);
    element.dataset.key = item.key;
    element.reads = reads;
    if (old && old === focused) refocus = element;
    return element;
  });
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((element, i) => {
    if (parent.children[i] !== element) parent.insertBefore(element, parent.children[i] || null);
  });
  if (refocus) (refocus.matches('button, [tabindex]') ? refocus : refocus.querySelector('button, [tabindex]')).focus();
}

/** A button that shows an icon. */
export function iconButton(icon, label, onclick, more = {}) {
  return el('button', {type: 'button', class: 'ib', 'aria-label': label, title: label, onclick, ...more}, icon);
}

/** Words for who listens alone. */
export const hidden = (text) => el('span', {class: 'hidden'}, text);

let last = 0;
/** An id for `aria-labelledby` and its kin. */
export const freshId = (name) => `${name}-${(last += 1)}`;

/** Move among elements with the arrow keys; true where the key was one of them. */
export function arrow(event, elements, {horizontal = false, columns = 1} = {}) {
  const at = elements.indexOf(document.activeElement);
  const step = {ArrowDown: columns, ArrowUp: -columns, ...(horizontal ? {ArrowRight: 1, ArrowLeft: -1} : {})}[
    event.key
  ];
  const to = event.key === 'Home' ? 0 : event.key === 'End' ? elements.length - 1 : step === undefined ? -1 : at + step;
  if (step === undefined && to < 0) return false;
  const next =
    columns === 1 ? (to + elements.length) % elements.length : Math.max(0, Math.min(elements.length - 1, to));
  if (elements[next]) elements[next].focus();
  event.preventDefault();
  return true;
}
