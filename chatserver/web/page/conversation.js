// The conversation: a long list of which only the rows near the window exist as elements.
//
// Every row is measured when it is first made; what was not is guessed. What the reader looks at never moves: a row is
// the anchor, or the end is, and after each change the list is scrolled so that the anchor is where it was. At most
// `FAR` pixels beyond each edge of the window are drawn, so that the number of elements does not grow with the history.

import {attribute, el} from './dom.js';
import {Heights} from './heights.js';
import {rowView} from './rowview.js';

const FAR = 900;
const EDGE = 1_500;
const NEAR_END = 24;

export class Conversation {
  element = el('div', {class: 'scroller', tabindex: '0', role: 'region', 'aria-label': 'Messages'});
  #before = el('div', {class: 'space'});
  #rows = el('div', {class: 'rows'});
  #after = el('div', {class: 'space'});
  #heights = new Heights();
  #known = new Map();
  #nodes = new Map();
  #timeline = null;
  #use;
  #first = 0;
  #anchor = null;
  #active = '';
  #ring = '';
  #seen = null;
  #drawing = false;
  #flashing = 0;

  /** `use`: what rows need, and {edge('older' | 'newer'), moved(), focused(row, element | null)} */
  constructor(use) {
    this.#use = use;
    this.element.append(this.#before, this.#rows, this.#after);
    this.element.addEventListener('scroll', () => this.#scrolled(), {passive: true});
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('focusin', (event) => this.#focusIn(event));
    const again = new ResizeObserver(() => this.draw());
    again.observe(this.element);
    again.observe(this.#rows);
  }

  get timeline() {
    return this.#timeline;
  }

  /** A moment of the day that is looked at; undefined where nothing is. */
  get day() {
    if (!this.#heights.count) return undefined;
    return this.#timeline.row(this.#heights.at(Math.max(0, this.element.scrollTop - this.#lift()))).at;
  }

  /** Is the newest row in sight? */
  get atEnd() {
    const {scrollTop, scrollHeight, clientHeight} = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  /** Show this timeline, at its unread line or its end. */
  show(timeline, label) {
    this.#timeline = timeline;
    this.element.setAttribute('aria-label', label);
    this.#known.clear();
    for (const {node} of this.#nodes.values()) node.remove();
    this.#nodes.clear();
    this.#active = '';
    if (timeline) this.changed([{reset: true}]);
  }

  /** Rows changed as the timeline said. `seen`: {key, words} of the row under which "Seen" stands. */
  changed(changes, seen = this.#seen) {
    this.#seen = seen;
    const {count} = this.#timeline;
    for (const change of changes) {
      if (change.front && this.#heights.count + change.front === count) this.#heights.prepend(change.front);
      else if (change.back && this.#heights.count + change.back === count) this.#heights.append(change.back);
      else if (change.reset) this.#begin();
    }
    if (this.#heights.count !== count) this.#heights.reset(count, (i) => this.#known.get(this.#timeline.key(i)));
    this.draw();
  }

  #begin() {
    this.#heights.reset(this.#timeline.count, (i) => this.#known.get(this.#timeline.key(i)));
    const unread = this.#timeline.unreadKey;
    this.#anchor = unread && this.#timeline.index(unread) > 0 ? {key: unread, from: -0.25} : null;
  }

  toEnd() {
    this.#anchor = null;
    this.draw();
  }

  /** Bring this row to the middle. `flash`: show which one it is. */
  goTo(key, flash = true) {
    if (this.#timeline.index(key) < 0) return;
    this.#anchor = {key, from: -0.35};
    this.draw();
    if (flash) this.flash(key);
  }

  flash(key) {
    clearTimeout(this.#flashing);
    this.ring(key);
    this.#flashing = setTimeout(() => this.ring(''), 1_200);
  }

  /** A ring round this row, '' for none. */
  ring(key) {
    this.#ring = key;
    this.#marks();
  }

  row(key) {
    const at = this.#timeline ? this.#timeline.index(key) : -1;
    return at < 0 ? null : this.#timeline.row(at);
  }

  /** The article of a row that is drawn. */
  article(key) {
    const found = this.#nodes.get(key);
    return found ? found.node.querySelector('article') : null;
  }

  /** Put the keyboard onto the newest message, or the one it was on. */
  enter() {
    const last = this.#timeline && this.#timeline.count ? this.#timeline.key(this.#timeline.count - 1) : '';
    this.focusRow(this.#active && this.#timeline.index(this.#active) >= 0 ? this.#active : last);
  }

  focusRow(key) {
    if (!this.article(key) && key && this.#timeline.index(key) >= 0) this.goTo(key, false);
    const article = this.article(key);
    if (article) article.focus();
    else this.element.focus();
  }

  // --- drawing ------------------------------------------------------------------------------------------------------

  /** Draw what is near the window, and scroll so that the anchor stays. */
  draw() {
    if (!this.#timeline || this.#drawing || !this.element.clientHeight) return;
    this.#drawing = true;
    for (let round = 0; round < 6; round += 1) {
      this.#place();
      if (!this.#fill()) break;
    }
    this.#place();
    if (this.#timeline.attached && this.#heights.count && this.atEnd) this.#anchor = null; // who sees the end stays there
    this.#marks();
    this.#edges();
    this.#drawing = false;
    this.#use.moved();
  }

  /** Where the window should stand now. */
  #wanted() {
    const {clientHeight} = this.element;
    const total = this.#heights.top(this.#heights.count) + this.#margin();
    const most = Math.max(0, total - clientHeight);
    const at = this.#anchor ? this.#timeline.index(this.#anchor.key) : -1;
    if (at < 0) {
      this.#anchor = null;
      return most;
    }
    const {from, offset} = this.#anchor;
    const y = this.#heights.top(at) + this.#lift() + (offset === undefined ? Math.round(from * clientHeight) : offset);
    return Math.max(0, Math.min(most, y));
  }

  /** A short conversation stands at the bottom: so much is free above it. */
  #lift() {
    return Math.max(0, this.element.clientHeight - this.#heights.top(this.#heights.count) - this.#margin());
  }

  #margin() {
    return 4;
  }

  #place() {
    const top = this.#wanted();
    const [first, last] = this.#window(top);
    this.#before.style.height = `${this.#heights.top(first) + this.#lift()}px`;
    this.#after.style.height = `${this.#heights.top(this.#heights.count) - this.#heights.top(last + 1) + this.#margin()}px`;
    if (Math.abs(this.element.scrollTop - top) >= 1) this.element.scrollTop = top;
  }

  /** First and last row to be drawn. */
  #window(top) {
    if (!this.#heights.count) return [0, -1];
    const start = top - this.#lift();
    return [this.#heights.at(Math.max(0, start - FAR)), this.#heights.at(start + this.element.clientHeight + FAR)];
  }

  /** Make the rows of the window. True where a height was another than was thought. */
  #fill() {
    const [first, last] = this.#window(this.#wanted());
    const stay = new Set();
    const nodes = [];
    const focused = this.#focusedKey();
    for (let i = first; i <= last; i += 1) {
      const row = this.#timeline.row(i);
      const seen = this.#seen && this.#seen.key === row.key ? this.#seen.words : '';
      stay.add(row.key);
      nodes.push(this.#node(row, seen));
    }
    for (const [key, {node}] of this.#nodes) {
      if (!stay.has(key)) {
        node.remove();
        this.#nodes.delete(key);
      }
    }
    nodes.forEach((node, i) => {
      if (this.#rows.children[i] !== node) this.#rows.insertBefore(node, this.#rows.children[i] || null);
    });
    this.#first = first;
    this.#refocus(focused);
    return this.#measure(nodes, first);
  }

  #node(row, seen) {
    const reads = JSON.stringify([row, seen, this.#use.model.person(row.user).picture]);
    const old = this.#nodes.get(row.key);
    if (old && old.reads === reads) return old.node;
    const node = rowView(row, this.#use, seen);
    node.dataset.key = row.key;
    if (old) old.node.replaceWith(node);
    this.#nodes.set(row.key, {node, reads});
    return node;
  }

  #measure(nodes, first) {
    let differs = false;
    nodes.forEach((node, i) => {
      const {height} = node.getBoundingClientRect();
      if (this.#heights.set(first + i, height)) differs = true;
      this.#known.set(node.dataset.key, height);
    });
    return differs;
  }

  #focusedKey() {
    const focused = document.activeElement;
    const entry = this.#rows.contains(focused) ? focused.closest('.entry') : null;
    return entry ? {key: entry.dataset.key, focused} : null;
  }

  /** The keyboard stays where it was, also where its row was made anew; one that left the window gives it to the list. */
  #refocus(before) {
    if (!before || before.focused.isConnected) return;
    const article = this.article(before.key);
    if (article) article.focus({preventScroll: true});
    else this.element.focus({preventScroll: true});
  }

  #marks() {
    for (const [key, {node}] of this.#nodes) {
      const article = node.querySelector('article');
      if (!article) continue;
      article.classList.toggle('ring', key === this.#ring);
      // Tab stops in the message that the keyboard is on alone, or there would be hundreds.
      for (const control of article.querySelectorAll('a, button'))
        attribute(control, 'tabindex', key === this.#active ? null : -1);
      attribute(article, 'aria-setsize', this.#timeline.complete ? this.#timeline.count : -1);
      attribute(article, 'aria-posinset', this.#timeline.index(key) + 1);
    }
  }

  // --- moving -------------------------------------------------------------------------------------------------------

  #scrolled() {
    if (this.#drawing || !this.#timeline || !this.#heights.count) return;
    const {scrollTop} = this.element;
    if (Math.abs(scrollTop - this.#wanted()) < 1.5) return; // our own doing
    const y = Math.max(0, scrollTop - this.#lift());
    const at = this.#heights.at(y);
    this.#anchor =
      this.atEnd && this.#timeline.attached ? null : {key: this.#timeline.key(at), offset: y - this.#heights.top(at)};
    this.draw();
  }

  #edges() {
    const {scrollTop, scrollHeight, clientHeight} = this.element;
    if (!this.#timeline.complete && scrollTop < EDGE) this.#use.edge('older');
    if (!this.#timeline.attached && scrollHeight - scrollTop - clientHeight < EDGE) this.#use.edge('newer');
  }

  #focusIn({target}) {
    const entry = target.closest('.entry');
    this.#active = entry ? entry.dataset.key : this.#active;
    this.#marks();
    const row = entry ? this.row(entry.dataset.key) : null;
    this.#use.focused(row && row.kind !== 'notice' ? row : null, entry ? entry.querySelector('article') : null);
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.#timeline) return;
    const on = event.target.closest('article');
    const key = on ? on.closest('.entry').dataset.key : '';
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      if (!on && event.target !== this.element) return;
      event.preventDefault();
      if (on) this.#step(key, event.key === 'ArrowUp' ? -1 : 1);
      else this.enter();
    } else if (event.key === 'End') {
      event.preventDefault();
      this.#use.act(null, 'newest');
    } else if (on && event.target === on) this.#use.pressed(this.row(key), event, on);
  }

  /** To the next message in this direction. */
  #step(key, step) {
    for (let at = this.#timeline.index(key) + step; at >= 0 && at < this.#timeline.count; at += step) {
      if (this.#timeline.row(at).kind !== 'notice') {
        this.#reveal(this.#timeline.key(at));
        return;
      }
    }
    if (step > 0) this.#use.act(null, 'write');
  }

  #reveal(key) {
    const article = this.article(key);
    if (!article) this.goTo(key, false);
    const found = this.article(key);
    if (!found) return;
    found.focus({preventScroll: true});
    const [inside, box] = [found.closest('.entry').getBoundingClientRect(), this.element.getBoundingClientRect()];
    if (inside.top < box.top) this.element.scrollTop -= box.top - inside.top + 8;
    else if (inside.bottom > box.bottom) this.element.scrollTop += inside.bottom - box.bottom + 8;
  }
}
