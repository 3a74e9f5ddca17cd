// Files on their way to the server: each goes up by itself, tells how far it is, goes on where it stopped.

import {Refused, fresh} from './wire.js';

const AGAIN = [1_000, 3_000, 8_000, 15_000];

export class Upload {
  id = fresh();
  /** waiting, going, done, failed or dropped */
  state = 'waiting';
  sent = 0;
  error = '';
  /** What the server made of it, once it is there. */
  file = null;
  #request = null;
  #timer = 0;
  #tries = 0;

  /** `changed()` is called when something of it is different. */
  constructor(blob, name, token, changed) {
    this.blob = blob;
    this.name = name;
    this.size = blob.size;
    this.preview = blob.type.startsWith('image/') && blob.type !== 'image/svg+xml' ? URL.createObjectURL(blob) : '';
    this.#token = token;
    this.#changed = changed;
  }

  /** Begin, when its turn has come. */
  start() {
    this.state = 'going';
    this.#send(0);
  }

  #token;
  #changed;

  #headers(request) {
    request.setRequestHeader('Authorization', `Bearer ${this.#token()}`);
  }

  #send(offset) {
    const about = new URLSearchParams({name: this.name, upload: this.id, size: this.size, offset});
    const request = new XMLHttpRequest();
    this.#request = request;
    request.open('POST', `/files?${about}`);
    this.#headers(request);
    request.upload.onprogress = ({loaded}) => {
      this.sent = Math.min(offset + loaded, this.size);
      this.#changed();
    };
    request.onload = () => this.#answered(request);
    request.onerror = () => this.#later();
    request.send(this.blob.slice(offset));
  }

  #answered(request) {
    const said = parsed(request.responseText);
    if (request.status === 201) this.#done(said);
    else if ((request.status === 409 || request.status === 202) && said.offset !== undefined) this.#send(said.offset);
    else if (request.status === 429 || request.status >= 500) this.#later();
    else this.#fail(said.error ? said.error.message : `${this.name} did not arrive.`);
  }

  #done(file) {
    this.state = 'done';
    this.sent = this.size;
    this.file = file;
    this.#changed();
  }

  #fail(sentence) {
    this.state = 'failed';
    this.error = sentence;
    this.#changed();
  }

  /** The connection broke: ask how far it is, and go on from there. */
  #later() {
    const wait = AGAIN[this.#tries];
    this.#tries += 1;
    if (wait === undefined) this.#fail(`${this.name} did not arrive.`);
    else this.#timer = setTimeout(() => this.#goOn(), wait);
  }

  async #goOn() {
    try {
      const answer = await fetch(`/uploads/${this.id}`, {headers: {Authorization: `Bearer ${this.#token()}`}});
      const said = answer.ok ? await answer.json() : {offset: 0};
      if (this.state !== 'going') return;
      if (said.file) this.#done(said.file);
      else this.#send(said.offset);
    } catch {
      this.#later(); // still no connection
    }
  }

  retry() {
    this.state = 'going';
    this.error = '';
    this.#tries = 0;
    this.#changed();
    this.#goOn();
  }

  /** It is not wanted any more. */
  drop() {
    clearTimeout(this.#timer);
    if (this.#request) this.#request.abort();
    const unfinished = this.state === 'going' || this.state === 'failed';
    this.state = 'dropped';
    this.forget();
    if (unfinished) {
      const gone = fetch(`/uploads/${this.id}`, {
        method: 'DELETE',
        headers: {Authorization: `Bearer ${this.#token()}`},
      });
      gone.catch(() => null); // the server forgets it by itself, after a day
    }
  }

  forget() {
    if (this.preview) URL.revokeObjectURL(this.preview);
    this.preview = '';
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** A name for what was pasted without one; `Refused` with a sentence for what is too large. */
export function fit(blob, limit, words) {
  if (limit && blob.size > limit) {
    throw new Refused('too_large', `${words(blob.size)} is too large, the limit here is ${words(limit)}.`);
  }
  const kind = (blob.type.split('/')[1] || 'bin').replace('jpeg', 'jpg').replace(/[^a-z0-9]/g, '');
  return blob.name || `pasted.${kind}`;
}
