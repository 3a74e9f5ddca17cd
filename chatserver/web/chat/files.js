// Files of messages: fetched with the token of this device, kept as addresses of blobs, let go when many others came.

import {Refused} from './wire.js';

const KEPT = 120;
/** Bytes of all that are kept; one that is larger is kept alone. */
const HEAVY = 96 << 20;

export class Files {
  #token;
  /** By path, what was asked for last at the end: promises of addresses. */
  #kept = new Map();
  #sizes = new Map();

  /** `token()` gives the device's token. */
  constructor(token) {
    this.#token = token;
  }

  /** An address for `img.src` or a download; `thumb`: a small picture. Rejects where it cannot be had. */
  address(file, thumb = false) {
    const path = `/files/${encodeURIComponent(file)}${thumb ? '/thumb' : ''}`;
    let found = this.#kept.get(path);
    this.#kept.delete(path);
    found ||= this.#fetched(path);
    this.#kept.set(path, found);
    this.#tidy();
    return found;
  }

  async #fetched(path) {
    try {
      const answer = await fetch(path, {headers: {Authorization: `Bearer ${this.#token()}`}, credentials: 'omit'});
      if (!answer.ok) throw new Refused(String(answer.status), 'This file is not to be had any more.');
      const blob = await answer.blob();
      this.#sizes.set(path, blob.size);
      this.#tidy();
      return URL.createObjectURL(blob);
    } catch (error) {
      this.#kept.delete(path);
      throw error instanceof Refused ? error : new Refused('offline', 'The file did not arrive. Try again later.');
    }
  }

  #tidy() {
    let bytes = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    for (const path of [...this.#kept.keys()].slice(0, -1)) {
      if (this.#kept.size <= KEPT && bytes <= HEAVY) break;
      bytes -= this.#sizes.get(path) || 0;
      this.#drop(path);
    }
  }

  #drop(path) {
    this.#kept.get(path).then(
      (url) => URL.revokeObjectURL(url),
      () => null, // it never came
    );
    this.#kept.delete(path);
    this.#sizes.delete(path);
  }

  /** Signed out: nothing stays. */
  forget() {
    for (const path of [...this.#kept.keys()]) this.#drop(path);
  }

  /** Save it under its name. */
  async save(file) {
    const link = document.createElement('a');
    link.href = await this.address(file.file);
    link.download = file.name;
    link.click();
  }
}

const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp']);

/** Is it shown as a picture? */
export const isPicture = (file) => PICTURES.has(file.mime) && file.width > 0;
