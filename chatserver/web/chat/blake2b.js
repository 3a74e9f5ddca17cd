// BLAKE2b (RFC 7693) with a salt and without a key, for texts of a name's length: it gives names their colours.

const IV = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
];
const SIGMA = [
  '0123456789abcdef',
  'ea489fd61c02b753',
  'b8c052fdae367194',
  '7931dcbe265a40f8',
  '905724afe1bc683d',
  '2c6a0b834d75fe19',
  'c51fed4a0763928b',
  'db7ec13950f4862a',
  '6fe9b308c2d714a5',
  'a2847615fb9e3cd0',
];
const MIXED = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];
const MASK = (1n << 64n) - 1n;
const BLOCK = 128;
const turned = (word, by) => ((word >> by) | (word << (64n - by))) & MASK;

/** The hash of `bytes` in `size` bytes; `salt`: the first eight of its bytes as a number, the lowest first. */
export function blake2b(bytes, size, salt = 0n) {
  const state = [...IV];
  state[0] ^= 0x01010000n ^ BigInt(size);
  state[4] ^= salt;
  const blocks = Math.max(1, Math.ceil(bytes.length / BLOCK));
  for (let block = 0; block < blocks; block += 1) {
    const last = block === blocks - 1;
    const padded = new Uint8Array(BLOCK);
    padded.set(bytes.subarray(block * BLOCK, (block + 1) * BLOCK));
    const view = new DataView(padded.buffer);
    const words = Array.from({length: 16}, (_, i) => view.getBigUint64(i * 8, true));
    compress(state, words, BigInt(last ? bytes.length : (block + 1) * BLOCK), last);
  }
  const found = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => found.setBigUint64(i * 8, word, true));
  return new Uint8Array(found.buffer, 0, size);
}

function compress(state, words, count, last) {
  const v = [...state, ...IV];
  v[12] ^= count;
  if (last) v[14] ^= MASK;
  for (let round = 0; round < 12; round += 1) {
    const order = SIGMA[round % 10];
    MIXED.forEach(([a, b, c, d], i) => {
      const [x, y] = [words[parseInt(order[2 * i], 16)], words[parseInt(order[2 * i + 1], 16)]];
      v[a] = (v[a] + v[b] + x) & MASK;
      v[d] = turned(v[d] ^ v[a], 32n);
      v[c] = (v[c] + v[d]) & MASK;
      v[b] = turned(v[b] ^ v[c], 24n);
      v[a] = (v[a] + v[b] + y) & MASK;
      v[d] = turned(v[d] ^ v[a], 16n);
      v[c] = (v[c] + v[d]) & MASK;
      v[b] = turned(v[b] ^ v[c], 63n);
    });
  }
  for (let i = 0; i < 8; i += 1) state[i] ^= v[i] ^ v[i + 8];
}
