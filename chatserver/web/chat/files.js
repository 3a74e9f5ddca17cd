// Files of messages: fetched with the token of this device, kept as addresses of blobs, let go when many others came.

import {Refused} from './wire.js';

const KEPT = 120;

export class Files {
  #token;
  #kept = new Map();

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

  /** What was just sent from here needs not be fetched. */
  keep(file, blob) {
    const address = Promise.resolve(URL.createObjectURL(blob));
    this.#kept.set(`/files/${file}`, address);
  }

  async #fetched(path) {
    try {
      const answer = await fetch(path, {headers: {Authorization: `Bearer ${this.#token()}`}, credentials: 'omit'});
      if (!answer.ok) throw new Refused(String(answer.status), 'This file is not to be had any more.');
      return URL.createObjectURL(await answer.blob());
    } catch (error) {
      this.#kept.delete(path);
      throw error instanceof Refused ? error : new Refused('offline', 'The file did not arrive. Try again later.');
    }
  }

  #tidy() {
    for (const [path, address] of this.#kept) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(path);
      address.then(
        (url) => URL.revokeObjectURL(url),
        () => null,
      );
    }
  }

  /** Signed out: nothing stays. */
  forget() {
    for (const address of this.#kept.values())
      address.then(
        (url) => URL.revokeObjectURL(url),
        () => null,
      );
    this.#kept.clear();
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
