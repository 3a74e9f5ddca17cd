// The files over the box that will go with the next message: on their way, up, or failed. Each room has its own.

import {Upload, fit} from '../chat/uploads.js';
import {progress, size} from '../chat/sizes.js';
import {el, keyed} from './dom.js';
import {tile} from './filebox.js';
import {icon} from './icons.js';

const MOST = 10;
/** So many go up at once. */
const AT_ONCE = 2;

export class Tiles {
  element = el('ul', {class: 'tiles', 'aria-label': 'Files of this message', hidden: true});
  #of = new Map();
  #room = null;
  #use;
  #drawn = 0;

  /** `use`: {token(), limits(), changed(), complain(sentence)} */
  constructor(use) {
    this.#use = use;
  }

  get #here() {
    return this.#of.get(this.#room) || [];
  }

  /** How many are not up yet. */
  get going() {
    return this.#here.filter((upload) => upload.state !== 'done').length;
  }

  /** What is up, as the server knows it. */
  get done() {
    return this.#here.flatMap((upload) => (upload.file ? [upload.file] : []));
  }

  turn(room) {
    this.#room = room;
    this.#draw();
  }

  add(blobs) {
    const limits = this.#use.limits();
    for (const blob of blobs) {
      try {
        if (this.#here.length >= (limits.files || MOST)) {
          this.#use.complain(`A message has ${limits.files || MOST} files at most.`);
          break;
        }
        const name = fit(blob, limits.file_bytes, size);
        const upload = new Upload(blob, name, this.#use.token, () => this.#later());
        this.#of.set(this.#room, [...this.#here, upload]);
      } catch (error) {
        if (!error.code) throw error;
        this.#use.complain(error.message);
      }
    }
    this.#begin();
    this.#draw();
  }

  /** Those whose turn it is. */
  #begin() {
    const all = [...this.#of.values()].flat();
    const free = AT_ONCE - all.filter((upload) => upload.state === 'going').length;
    for (const upload of all.filter((each) => each.state === 'waiting').slice(0, Math.max(0, free))) upload.start();
  }

  /** The message went out. */
  clear() {
    for (const upload of this.#here) upload.forget();
    this.#of.delete(this.#room);
    this.#draw();
  }

  /** Redraw ten times a second at most. */
  #later() {
    if (!this.#drawn) this.#drawn = setTimeout(() => this.#draw(), 100);
  }

  #draw() {
    clearTimeout(this.#drawn);
    this.#drawn = 0;
    this.#begin();
    const list = this.#here;
    this.element.hidden = !list.length;
    const items = list.map(({id, state, sent, error, name, size: total, preview}) => ({
      key: id,
      state,
      sent,
      error,
      name,
      total,
      preview,
    }));
    keyed(this.element, items, (item) =>
      this.#tile(
        item,
        list.find((upload) => upload.id === item.key),
      ),
    );
    this.#use.changed();
  }

  #tile({state, sent, error, name, total, preview}, upload) {
    const drop = el(
      'button',
      {type: 'button', class: 'drop', 'aria-label': `Take ${name} away`, onclick: () => this.#drop(upload)},
      icon('x', 12, 2),
    );
    if (state === 'done' && preview)
      return el('li', {class: 'attached seen'}, el('img', {src: preview, alt: name}), drop);
    const words =
      state === 'failed'
        ? error
        : state === 'going'
          ? progress(sent, total)
          : state === 'waiting'
            ? `${size(total)}, waiting`
            : size(total);
    const bar =
      state === 'going' &&
      el('progress', {max: String(total || 1), value: String(sent), 'aria-label': `${name} on its way`});
    const retry =
      state === 'failed' && el('button', {type: 'button', class: 'word', onclick: () => upload.retry()}, 'Retry');
    return el(
      'li',
      {class: `attached ${state}`},
      tile({name}),
      el(
        'div',
        {class: 'grow'},
        el('div', {class: 'filename ell'}, name),
        el('div', {class: 't12 muted ell'}, words, retry && ' ', retry),
      ),
      bar,
      drop,
    );
  }

  #drop(upload) {
    this.#of.set(
      this.#room,
      this.#here.filter((each) => each !== upload),
    );
    upload.drop();
    this.#draw();
  }
}
