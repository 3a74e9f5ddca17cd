// The addresses that stand in a text as they are: where each begins and ends. Pure; the rules of shared/addresses.py.

/** How the address of a link begins; there are no others. */
const SCHEMES = ['https://', 'http://', 'mailto:', 'chat://', 'chats://'];
export const BARE = String.raw`(?:https?|chats?)://[^\s<>"\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069]+`;

const TAIL = new Set([...'.,;:!?\'"*_~…。，、！？']);
const BRACKETS = {')': '(', ']': '[', '}': '{'};

/** An address without the punctuation of the sentence it stands in. */
export function trimmed(address) {
  const count = {};
  for (const char of address) count[char] = (count[char] || 0) + 1;
  let end = address.length;
  while (end) {
    const last = address[end - 1];
    const partner = BRACKETS[last];
    if (!TAIL.has(last) && !(partner && count[last] > (count[partner] || 0))) break;
    count[last] -= 1;
    end -= 1;
  }
  return address.slice(0, end);
}

/** Start, end and address of each that stands in a line. */
export function addresses(line) {
  const found = [];
  if (!line.includes('://')) return found;
  for (const match of line.matchAll(new RegExp(BARE, 'giu'))) {
    const address = trimmed(match[0]);
    if (!address.endsWith('://')) found.push([match.index, match.index + address.length, address]);
  }
  return found;
}

/** May a link lead there? What a message says goes into no attribute before this. */
export const leads = (address) => SCHEMES.some((scheme) => address.toLowerCase().startsWith(scheme));
