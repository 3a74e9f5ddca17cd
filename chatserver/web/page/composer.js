// The box in which one writes: it grows with the text, completes, carries files, and says what it answers or edits.
//
// Each room has a draft of its own that outlives a reload. Enter sends, Shift+Enter breaks the line; an input method that
// is composing keeps its keys.

import {finished, offers, token} from '../chat/completing.js';
import {load, loaded} from '../chat/emojis.js';
import {Refused} from '../chat/wire.js';
import {Completion} from './completion.js';
import {attribute, el, iconButton} from './dom.js';
import {icon} from './icons.js';
import {strip} from './strip.js';
import {Tiles} from './tiles.js';

const TYPING = 3_000;
const TALLEST = 200;

/** A message as its author typed it. */
const written = (row) => (row.kind === 'action' ? `/me ${row.text}` : row.text);

export class Composer {
  element;
  /** What is being done with a message: {doing: 'reply' | 'edit', row}, or null. */
  about = null;
  #model;
  #keep;
  #use;
  #room = null;
  #box = el('textarea', {
    class: 'tx',
    rows: '1',
    'aria-label': 'Message',
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    dir: 'auto',
  });
  #above = el('div', {class: 'above', hidden: true});
  #trouble = el('div', {class: 'composer-trouble', role: 'alert'});
  #send = el('button', {type: 'button', class: 'sd', 'aria-label': 'Send', title: 'Send'}, icon('send'));
  #attach;
  #smile;
  #line = el('div', {class: 'write'});
  #input = el('input', {type: 'file', multiple: true, hidden: true, tabindex: '-1', 'aria-hidden': 'true'});
  #completion;
  #tiles;
  #told = 0;
  #before = '';

  /** `use`: {files, token(), send(text, reply, files), edit(row, text), typing(), pick(element, chosen), editLast(), leave(), emptied(row)} */
  constructor(model, keep, use) {
    this.#model = model;
    this.#keep = keep;
    this.#use = use;
    this.#completion = new Completion(this.#box, {model, files: use.files, chosen: (offer) => this.#complete(offer)});
    this.#tiles = new Tiles({
      token: use.token,
      limits: () => model.limits,
      changed: () => this.#show(),
      complain: (sentence) => this.complain(sentence),
    });
    this.#attach = iconButton(icon('clip'), 'Attach files', () => this.#input.click(), {class: 'ib attach'});
    this.#smile = iconButton(icon('smile'), 'Emoji', () => use.pick(this.#smile, (emoji) => this.insert(emoji)), {
      'aria-haspopup': 'dialog',
    });
    this.#line.append(this.#attach, this.#box, this.#smile, this.#send);
    this.element = el(
      'div',
      {class: 'composer', hidden: true},
      this.#completion.element,
      this.#trouble,
      el('div', {class: 'cmp'}, this.#above, this.#tiles.element, this.#line, this.#input),
    );
    this.#listen();
  }

  #listen() {
    const box = this.#box;
    box.addEventListener('input', () => this.#typing());
    box.addEventListener('keydown', (event) => this.#key(event));
    box.addEventListener('blur', () => this.#completion.close());
    box.addEventListener('paste', (event) => {
      const files = [...event.clipboardData.files];
      if (!files.length) return;
      event.preventDefault();
      this.attach(files);
    });
    this.#send.addEventListener('click', () => this.send());
    new ResizeObserver(() => this.#show()).observe(this.element);
    this.#input.addEventListener('change', () => {
      this.attach([...this.#input.files]);
      this.#input.value = '';
    });
  }

  get text() {
    return this.#box.value;
  }

  focus() {
    this.#box.focus();
  }

  /** Write in this room from now on. */
  turn(room) {
    if (room === this.#room) return;
    this.#keepDraft();
    this.leave(false);
    this.#tiles.turn(room);
    this.#room = room;
    this.#put(room ? this.#keep.draft(this.#model.me, room) : '');
    this.complain('');
    this.#completion.close();
  }

  #put(text) {
    this.#box.value = text;
    this.#show();
  }

  #keepDraft() {
    if (this.#room && (!this.about || this.about.doing !== 'edit'))
      this.#keep.setDraft(this.#model.me, this.#room, this.text);
  }

  insert(text) {
    const {selectionStart: start, selectionEnd: end} = this.#box;
    this.#box.focus();
    this.#box.setRangeText(text, start, end, 'end');
    this.#typing();
  }

  attach(blobs) {
    if (blobs.length && !this.#box.disabled) this.#tiles.add(blobs);
    this.focus();
  }

  /** A sentence over the box; '' takes it away. */
  complain(sentence) {
    this.#trouble.replaceChildren(...(sentence ? [icon('alert', 16), el('span', {}, sentence)] : []));
  }

  // --- answering and editing ----------------------------------------------------------------------------------------

  reply(row) {
    if (this.about && this.about.doing === 'edit') this.leave();
    this.about = {doing: 'reply', row};
    this.#strip();
    this.focus();
  }

  edit(row) {
    if (!this.about || this.about.doing !== 'edit') this.#before = this.text;
    this.about = {doing: 'edit', row};
    this.#put(written(row));
    this.#strip();
    this.focus();
    this.#box.setSelectionRange(this.text.length, this.text.length);
    this.#use.editing(row);
  }

  /** No longer answer or edit. */
  leave(back = true) {
    const {about} = this;
    this.about = null;
    if (about && about.doing === 'edit') {
      if (back) this.#put(this.#before);
      else this.#box.value = this.#before;
      this.#use.editing(null);
    }
    this.#strip();
  }

  #strip() {
    const {about} = this;
    this.#above.hidden = !about;
    this.#send.replaceChildren(icon(about && about.doing === 'edit' ? 'check' : 'send'));
    attribute(this.#send, 'aria-label', about && about.doing === 'edit' ? 'Save the edit' : 'Send');
    if (!about) {
      this.#above.replaceChildren();
      return;
    }
    const {row, doing} = about;
    const close = () => {
      this.leave();
      this.focus();
    };
    this.#above.className = `above ${doing}`;
    this.#above.replaceChildren(...strip(row, doing, close));
  }

  // --- typing -------------------------------------------------------------------------------------------------------

  #typing() {
    this.complain('');
    const tone = this.#keep.habit('skin');
    const before = this.text.slice(0, this.#box.selectionStart);
    if (!loaded() && /:[\w+-]+:$/.test(before))
      load().then(
        () => this.#typing(),
        () => null,
      );
    const whole = finished(before, tone);
    if (whole) {
      this.#box.setRangeText(whole[1], before.length - whole[0].length, before.length, 'end');
      this.#keep.used(whole[1]);
    }
    this.#show();
    this.#keepDraft();
    this.#offer();
    if (this.text.trim() && Date.now() - this.#told > TYPING) {
      this.#told = Date.now();
      this.#use.typing();
    }
  }

  #offer() {
    const {talk} = this.#model;
    const typed = token(this.text.slice(0, this.#box.selectionStart));
    if (!typed || !talk) {
      this.#completion.close();
      return;
    }
    const show = () =>
      this.#completion.show(offers(typed, this.#model, talk, this.#keep.habit('used'), this.#keep.habit('skin')));
    show();
    if (typed.startsWith(':'))
      load().then(
        () => typed === token(this.text.slice(0, this.#box.selectionStart)) && show(),
        () => null,
      );
  }

  #complete(offer) {
    const end = this.#box.selectionStart;
    const typed = token(this.text.slice(0, end));
    this.#box.setRangeText(`${offer.insert} `, end - typed.length, end, 'end');
    if (offer.kind === 'emoji') this.#keep.used(offer.insert);
    this.#completion.close();
    this.#show();
    this.#keepDraft();
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229 || this.#completion.key(event)) return;
    const empty = !this.text;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'Escape') {
      if (this.about) {
        event.preventDefault();
        this.leave();
      } else this.#use.leave();
    } else if (event.key === 'ArrowUp' && empty && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      this.#use.editLast();
    }
  }

  send() {
    const text = this.text;
    const limit = this.#model.limits.text || 16_000;
    const length = [...text].length;
    if (length > limit) {
      this.complain(
        `Not sent: ${length.toLocaleString('en-US')} characters, the limit is ${limit.toLocaleString('en-US')}.`,
      );
    } else if (this.#tiles.going) {
      this.complain(
        this.#tiles.going === 1
          ? 'One file is still on its way.'
          : `${this.#tiles.going} files are still on their way.`,
      );
    } else if (this.about && this.about.doing === 'edit') this.#edited(this.about.row, text);
    else this.#sent(text);
    this.focus();
  }

  #edited(row, text) {
    if (!text.trim() && !row.files.length) {
      this.#use.emptied(row);
      return;
    }
    if (text !== written(row) && !this.#tried(() => this.#use.edit(row, text))) return;
    this.leave();
  }

  /** True where it was done; a sentence says why not otherwise, and what was written stays. */
  #tried(does) {
    try {
      does();
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.complain(error.message);
      return false;
    }
  }

  #sent(text) {
    const files = this.#tiles.done;
    if (!text.trim() && !files.length) return;
    const reply = this.about ? this.about.row.seq : 0;
    if (!this.#tried(() => this.#use.send(text, reply, files))) return;
    this.#tiles.clear();
    this.leave();
    this.#put('');
    this.#told = 0;
    this.#keepDraft();
    this.#completion.close();
  }

  // --- how it looks -------------------------------------------------------------------------------------------------

  #show() {
    const box = this.#box;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, TALLEST)}px`;
    box.style.overflowY = box.scrollHeight > TALLEST ? 'auto' : 'hidden';
    this.#send.classList.toggle('off', this.#tiles.going > 0);
  }

  draw() {
    const {talk, link, server} = this.#model;
    this.element.hidden = !talk;
    if (!talk) return;
    const muted = talk.mutedUntil > 0;
    const name = talk.direct ? this.#model.nameOf(talk.title) : talk.room;
    const until = new Date(talk.mutedUntil).toLocaleTimeString('en-GB', {hour: '2-digit', minute: '2-digit'});
    const words = muted
      ? `You may not speak here until ${until}`
      : `Message ${name}${link.state === 'online' ? '' : `, sent when ${server || 'the server'} is back`}`;
    const wide = matchMedia('(min-width: 720px)').matches;
    attribute(this.#box, 'placeholder', wide ? words : muted ? `Muted until ${until}` : `Message ${name}`);
    attribute(this.#box, 'aria-label', words);
    this.#box.disabled = muted;
    for (const button of [this.#attach, this.#smile, this.#send]) button.disabled = muted;
    this.element.classList.toggle('muted-here', muted);
    this.#show();
  }
}
