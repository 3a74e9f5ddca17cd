// What floats over the page: menus and small panels (the Popover API: a click elsewhere or Esc closes them), and dialogs
// that take the keyboard (the element `dialog`). All give the keyboard back to where it was.

import {arrow, el, freshId, iconButton} from './dom.js';
import {icon} from './icons.js';

const GAP = 4;

/** Open `content` beside `anchor` (an element or a point {x, y}). `closed` is called when it is gone. Gives the popover. */
export function popover(
  anchor,
  content,
  {role = 'dialog', label, above = false, start = false, className = '', closed} = {},
) {
  const before = document.activeElement;
  const home = (anchor.closest && anchor.closest('nav, main')) || document.querySelector('main') || document.body;
  const box = el('div', {class: `pop ${className}`, popover: 'auto', role, 'aria-label': label}, content);
  home.append(box);
  box.addEventListener('toggle', ({newState}) => {
    if (newState !== 'closed') return;
    const inside = box.contains(document.activeElement) || document.activeElement === document.body;
    box.remove();
    if (inside && before && before.isConnected) before.focus();
    if (closed) closed();
  });
  box.addEventListener('keydown', (event) => event.stopPropagation());
  box.showPopover();
  place(box, anchor, above, start);
  return box;
}

function place(box, anchor, above, start) {
  const at = anchor.getBoundingClientRect
    ? anchor.getBoundingClientRect()
    : {left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y};
  const {offsetWidth: width, offsetHeight: height} = box;
  const [wide, high] = [document.documentElement.clientWidth, window.innerHeight];
  const left = start || !anchor.getBoundingClientRect ? at.left : at.right - width;
  const over = at.top - height - GAP;
  const below = at.bottom + GAP;
  const top = (above && over >= 8) || below + height > high - 8 ? over : below;
  box.style.left = `${Math.max(8, Math.min(left, wide - width - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(top, high - height - 8))}px`;
}

/** A menu. `groups`: [[{icon, label, key, danger, checked, act}]]; one without entries is left out. */
export function menu(anchor, label, groups, about = {}) {
  let box = null;
  const item = ({icon: shape, label: words, key, danger, checked, act}) =>
    el(
      'button',
      {
        type: 'button',
        tabindex: '-1',
        class: `mi ${danger ? 'danger' : ''}`,
        role: checked === undefined ? 'menuitem' : 'menuitemradio',
        'aria-checked': checked === undefined ? null : String(checked),
        onclick: () => {
          box.hidePopover();
          act();
        },
      },
      shape.nodeType ? shape : icon(shape, 18),
      el('span', {class: 'grow'}, words),
      checked && icon('check', 16, 2),
      key && el('span', {class: 'key', 'aria-hidden': 'true'}, key),
    );
  const content = groups
    .filter((group) => group.length)
    .flatMap((group, i) => [...(i ? [el('div', {class: 'hr', role: 'separator'})] : []), ...group.map(item)]);
  box = popover(anchor, content, {role: 'menu', label, className: 'menu', ...about});
  const items = [...box.querySelectorAll('.mi')];
  box.addEventListener('keydown', (event) => {
    if (arrow(event, items)) return;
    if (event.key === 'Tab') box.hidePopover();
    else if (event.key.length === 1) {
      const found = items.find((each) => each.textContent.toLowerCase().startsWith(event.key.toLowerCase()));
      if (found) found.focus();
    }
  });
  items[0].focus();
  return box;
}

/** A dialog with a heading. `body` is put under it; Esc and a click outside close it where `loose`. */
export function dialog(title, body, {width = 440, loose = true, className = ''} = {}) {
  const id = freshId('dialog');
  const made = el(
    'dialog',
    {class: `dialog ${className}`, 'aria-labelledby': id},
    el(
      'div',
      {class: 'dialog-head'},
      el('h2', {id}, title),
      iconButton(icon('x'), 'Close', () => made.close()),
    ),
    el('div', {class: 'dialog-body'}, body),
  );
  made.style.width = `${width}px`;
  document.body.append(made);
  made.addEventListener('keydown', (event) => event.stopPropagation());
  made.addEventListener('click', (event) => {
    if (event.target === made && loose) made.close();
  });
  modal(made);
  return made;
}

/** Open a dialog, and take it away when it is closed. The keyboard goes back to where it was, unless it was put elsewhere.
 *  It is taken from there first: what a browser gives it back to by itself, while all else is inert, takes no keys. */
export function modal(made) {
  const before = document.activeElement;
  if (before) before.blur();
  made.addEventListener('close', () => {
    made.remove();
    if (document.activeElement === document.body && before && before.isConnected) before.focus();
  });
  if (!made.isConnected) document.body.append(made);
  made.showModal();
}

/** Ask before something is done. Resolves to true where it is to be done. */
export function confirm(title, words, yes, no = 'Cancel', danger = true) {
  return new Promise((resolve) => {
    let answer = false;
    const decide = (value) => () => {
      answer = value;
      asked.close();
    };
    const asked = dialog(
      title,
      [
        el('p', {}, words),
        el(
          'div',
          {class: 'buttons'},
          el('button', {type: 'button', class: 'bt', autofocus: true, onclick: decide(false)}, no),
          el('button', {type: 'button', class: `bt ${danger ? 'dgr' : 'pri'}`, onclick: decide(true)}, yes),
        ),
      ],
      {width: 400},
    );
    asked.addEventListener('close', () => resolve(answer));
  });
}
