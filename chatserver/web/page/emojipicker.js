// The emoji picker: search, groups, the names of what is under the pointer, skin tones. Its table comes when it opens.

import {find, load, oftenUsed, toned} from '../chat/emojis.js';
import {arrow, attribute, el} from './dom.js';
import {popover} from './popover.js';

const COLUMNS = 9;
const HANDS = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'];

/** Open it beside an element. `chosen(emoji)`; `closed` is called when it is gone, `failed(sentence)` where it cannot come. */
export async function picker(anchor, keep, {chosen, failed, closed = () => null}) {
  try {
    new Picker(await load(), keep, chosen).open(anchor, closed);
  } catch (error) {
    closed();
    failed('The emoji did not arrive. Try again later.');
    if (!(error instanceof TypeError)) throw error; // what a fetch without a connection gives
  }
}

class Picker {
  #table;
  #keep;
  #chosen;
  #box = null;
  #list = el('div', {class: 'emoji-list', role: 'group', 'aria-label': 'Emoji'});
  #search = el('input', {
    class: 'in',
    type: 'search',
    placeholder: 'Search emoji',
    'aria-label': 'Search emoji',
    autofocus: true,
  });
  #tabs = el('div', {class: 'emoji-tabs', role: 'group', 'aria-label': 'Groups'});
  #shown = el('span', {class: 'emoji large'});
  #name = el('div', {class: 'b ell'});
  #code = el('div', {class: 't12 muted ell'});
  #tones = el('div', {class: 'tones', role: 'group', 'aria-label': 'Skin tone'});

  constructor(table, keep, chosen) {
    this.#table = table;
    this.#keep = keep;
    this.#chosen = chosen;
  }

  get #tone() {
    return this.#keep.habit('skin');
  }

  open(anchor, closed) {
    const foot = el(
      'div',
      {class: 'emoji-foot'},
      this.#shown,
      el('div', {class: 'grow'}, this.#name, this.#code),
      this.#tones,
    );
    this.#box = popover(anchor, [el('div', {class: 'emoji-search'}, this.#search), this.#tabs, this.#list, foot], {
      label: 'Emoji',
      className: 'emoji-picker',
      above: true,
      closed,
    });
    this.#search.addEventListener('input', () => this.#draw());
    this.#search.addEventListener('keydown', (event) => this.#searchKey(event));
    this.#list.addEventListener('keydown', (event) => this.#key(event));
    this.#list.addEventListener('click', (event) => this.#click(event));
    for (const kind of ['pointerover', 'focusin'])
      this.#list.addEventListener(kind, (event) => this.#about(event.target.closest('button')));
    this.#drawTones();
    this.#draw();
    this.#search.focus();
  }

  #draw() {
    const words = this.#search.value.trim();
    const often = oftenUsed(this.#keep.habit('used')).map(
      (emoji) => this.#table.byEmoji.get(emoji) || {emoji, name: '', codes: [], tones: []},
    );
    const groups = words
      ? [{name: 'Found', emoji: find(words).slice(0, 90)}]
      : [{name: 'Used often', emoji: often}, ...this.#table.groups];
    this.#tabs.hidden = Boolean(words);
    this.#tabs.replaceChildren(
      ...(words
        ? []
        : groups.map((group, i) =>
            el(
              'button',
              {
                type: 'button',
                'aria-label': group.name,
                title: group.name,
                onclick: () => this.#list.children[i].scrollIntoView({block: 'start'}),
              },
              group.emoji[0].emoji,
            ),
          )),
    );
    const empty = words && !groups[0].emoji.length;
    this.#list.replaceChildren(
      ...(empty
        ? [el('p', {class: 'muted pad'}, `No emoji is called “${words}”.`)]
        : groups.map((group) => this.#group(group))),
    );
    this.#list.scrollTop = 0;
    const first = this.#list.querySelector('.cells button');
    if (first) first.tabIndex = 0;
    this.#about(this.#list.querySelector('button'));
  }

  #group({name, emoji}) {
    const cells = emoji.map((about) => {
      const cell = el(
        'button',
        {type: 'button', tabindex: '-1', 'aria-label': about.name || about.emoji},
        toned(about, this.#tone),
      );
      cell.about = about;
      return cell;
    });
    return el('section', {}, el('h3', {}, name), el('div', {class: 'cells'}, cells));
  }

  #about(cell) {
    if (!cell) return;
    const {about} = cell;
    this.#shown.textContent = toned(about, this.#tone);
    this.#name.textContent = about.name;
    this.#code.textContent = about.codes.length ? `:${about.codes.at(-1)}:` : '';
  }

  #click({target}) {
    const cell = target.closest('button');
    if (!cell) return;
    const emoji = toned(cell.about, this.#tone);
    this.#keep.used(emoji);
    this.#box.hidePopover();
    this.#chosen(emoji);
  }

  #searchKey(event) {
    const first = this.#list.querySelector('.cells button');
    if (!first || !['ArrowDown', 'Enter'].includes(event.key)) return;
    event.preventDefault();
    if (event.key === 'Enter') first.click();
    else first.focus();
  }

  #key(event) {
    const cells = [...this.#list.querySelectorAll('.cells button')];
    if (event.key === 'ArrowUp' && cells.indexOf(document.activeElement) < COLUMNS) {
      event.preventDefault();
      this.#search.focus();
    } else if (arrow(event, cells, {horizontal: true, columns: COLUMNS}))
      document.activeElement.scrollIntoView({block: 'nearest'});
  }

  #drawTones() {
    this.#tones.replaceChildren(
      ...HANDS.map((hand, i) =>
        el(
          'button',
          {
            type: 'button',
            'aria-pressed': String((this.#tone || 0) === i),
            'aria-label': i ? `Skin tone ${i}` : 'No skin tone',
            onclick: () => {
              this.#keep.setHabit('skin', i || '');
              [...this.#tones.children].forEach((each, at) => attribute(each, 'aria-pressed', String(at === i)));
              this.#draw();
            },
          },
          hand,
        ),
      ),
    );
  }
}
