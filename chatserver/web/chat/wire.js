// Small things of the wire: ids, tokens, refusals.

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const random = (size) => hex(crypto.getRandomValues(new Uint8Array(size)));

/** An id that nobody used before. */
export const fresh = () => random(16);

/** A token for this device: 256 random bits. */
export const token = () => random(32);

/** The server, or the lack of one, says no; the message is a sentence for people. */
export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}
