// The Markdown that a message may hold, as blocks of lines of spans. Pure; the rules of shared/markup.py, and both are
// tested with tests/shared/markup_samples.json.
//
// What is shown is always `text.slice(start, end)` of a span; marks stand in no span. A mark that has no partner, stands
// inside a word or after a backslash is no mark and stays as it was typed.

import {BARE, addresses, trimmed} from './addresses.js';
import {inName, nameKey} from './names.js';

export const BOLD = 1;
export const ITALIC = 2;
export const STRIKE = 4;
export const CODE = 8;
export const MENTION = 16;
/** Beside MENTION where it names the reader or everybody. */
export const YOU = 32;
const HIDDEN = 64;
const LINKED = 128;
const STYLES = [BOLD, ITALIC, STRIKE, CODE, MENTION, YOU, HIDDEN, LINKED];

const USER_NAME = 32;
const MOST = 200;
const NEWLINE = /\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]/g;
const ANY = /[*_~`@[>]/;
const FENCE = /^ {0,3}```[ \t]*[\p{L}\p{N}_.+#-]*[ \t]*$/u;
const CLOSES = /```[ \t]*$/;
const QUOTE = /^>(?: |$)/;
const TARGET = String.raw`[^\s()<>\[\]]`;
const TOKEN = new RegExp(
  String.raw`(?<code>${'`'}+)|(?<mark>\*+|_+|~+)` +
    String.raw`|\[(?<words>[^\[\]]+)\]\((?<target>(?:https?://|chats?://|mailto:)(?:${TARGET}|\(${TARGET}*\))+)\)` +
    String.raw`|(?<link>${BARE})|(?<at>(?<![\p{L}\p{N}])@)`,
  'giu',
);
const LENGTHS = {'*': [1, 2, 3], _: [1], '~': [2]};
const BITS = {'*1': ITALIC, _1: ITALIC, '*2': BOLD, '~2': STRIKE, '*3': BOLD | ITALIC};
const SPACE = /\s/;
const WORD = /[\p{L}\p{N}]/u;

/** Where each line begins and ends; one at least. */
function linesOf(text) {
  const found = [];
  let start = 0;
  for (const match of text.matchAll(NEWLINE)) {
    found.push([start, match.index]);
    start = match.index + match[0].length;
  }
  found.push([start, text.length]);
  return found;
}

/** `[{kind: 'text' | 'quote' | 'code', lines: [{start, end, spans: [{start, end, style, address}]}]}]`, one at least. */
export function blocks(text, me = '') {
  const lines = linesOf(text);
  if (!ANY.test(text)) {
    return [{kind: 'text', lines: lines.map(([a, b]) => ({start: a, end: b, spans: bare(text, a, b)}))}];
  }
  return parts(text, lines).map(([kind, part]) => ({
    kind,
    lines:
      kind === 'code'
        ? part.map(([a, b]) => ({start: a, end: b, spans: a < b ? [span(a, b)] : []}))
        : inline(text, part, me),
  }));
}

/** The text without its marks, line by line; for places that show no styles. */
export const plain = (text) =>
  blocks(text)
    .flatMap((block) => block.lines)
    .map((line) => line.spans.map((each) => text.slice(each.start, each.end)).join(''))
    .join('\n');

const span = (start, end, style = 0, address = '') => ({start, end, style, address});

/** A line cut at its bare addresses and nowhere else. */
function bare(text, start, end) {
  const spans = [];
  let at = start;
  for (const [low, high, address] of addresses(text.slice(start, end))) {
    if (at < start + low) spans.push(span(at, start + low));
    spans.push(span(start + low, start + high, 0, address));
    at = start + high;
  }
  if (at < end) spans.push(span(at, end));
  return spans;
}

// --- blocks ---------------------------------------------------------------------------------------------------------

/** Runs of lines of one kind, without the fences and the signs of quotes. */
function parts(text, lines) {
  const cut = (i) => text.slice(...lines[i]);
  const closing = text.includes('```') ? lines.flatMap((_, i) => (CLOSES.test(cut(i)) ? [i] : [])) : [];
  const found = [];
  let kind = 'text';
  let run = [];
  let place = 0;
  for (let i = 0; i < lines.length;) {
    while (place < closing.length && closing[place] <= i) place += 1;
    if (place < closing.length && FENCE.test(cut(i))) {
      const code = fenced(text, lines.slice(i + 1, closing[place] + 1));
      if (code.length) {
        if (run.length) found.push([kind, run]);
        found.push(['code', code]);
        [kind, run, i] = ['text', [], closing[place] + 1];
        continue;
      }
    }
    const quoted = QUOTE.exec(cut(i));
    const here = quoted ? 'quote' : 'text';
    if (here !== kind && run.length) {
      found.push([kind, run]);
      run = [];
    }
    kind = here;
    run.push([lines[i][0] + (quoted ? quoted[0].length : 0), lines[i][1]]);
    i += 1;
  }
  if (run.length) found.push([kind, run]);
  return found;
}

/** The lines up to the closing fence, which stands alone or at the end of the last one. */
function fenced(text, lines) {
  const [start, last] = lines[lines.length - 1];
  const end = start + text.slice(start, last).lastIndexOf('```');
  return [...lines.slice(0, -1), ...(text.slice(start, end).trim() ? [[start, end]] : [])];
}

// --- spans ----------------------------------------------------------------------------------------------------------

/** What lies over a text, as it is found: `[start, end, bits, address]`. */
class Ranges {
  found = [];
  #open = [];
  #count = {};

  put(start, end, bits, address = '') {
    this.found.push([start, end, bits, address]);
  }

  /** What is open now stays as it was typed. */
  shut() {
    this.#open = [];
    this.#count = {};
  }

  /** A run of signs. It closes what it can, innermost first, and what is left of it may open. */
  mark(sign, start, end, opens, closes) {
    let length = end - start;
    let partner;
    while (closes && length && (partner = this.#partner(sign, length))) {
      const used = Math.min(length, partner.length);
      this.put(partner.end, start, BITS[sign + used]);
      this.put(partner.end - used, partner.end, HIDDEN);
      this.put(start, start + used, HIDDEN);
      partner.end -= used;
      partner.length -= used;
      start += used;
      length -= used;
      if (partner.length) this.#push(partner);
    }
    if (opens && LENGTHS[sign].includes(length)) this.#push({sign, end, length});
  }

  /** The innermost mark that this one closes, taken out; those inside it have no partner any more. */
  #partner(sign, length) {
    const fits = LENGTHS[sign].filter((each) => each === length || each === 3 || length === 3);
    if (!fits.some((each) => this.#count[sign + each])) return null;
    for (;;) {
      const mark = this.#open.pop();
      this.#count[mark.sign + mark.length] -= 1;
      if (mark.sign === sign && fits.includes(mark.length)) return mark;
    }
  }

  #push(mark) {
    this.#open.push(mark);
    this.#count[mark.sign + mark.length] = (this.#count[mark.sign + mark.length] || 0) + 1;
  }
}

function inline(text, lines, me) {
  const ranges = new Ranges();
  const own = me && text.includes('@') ? nameKey(me) : '';
  let ats = 0;
  for (const [start, end] of lines) {
    const line = text.slice(start, end);
    if (!line.trim()) ranges.shut();
    ats = scan(line, start, ranges, own, ats);
  }
  return swept(lines, ranges.found);
}

const before = (line, at) => (at > 0 ? [...line.slice(Math.max(0, at - 2), at)].at(-1) : '');
const after = (line, at) => (at < line.length ? String.fromCodePoint(line.codePointAt(at)) : '');

/** Find the marks of one line, which begins at `offset`. Gives how many signs `@` there were until now. */
function scan(line, offset, ranges, me, ats, inside = false) {
  const token = new RegExp(TOKEN);
  const ticks = new Ticks(line);
  let match;
  while ((match = token.exec(line))) {
    const begin = match.index;
    let at = begin + match[0].length;
    const {code, mark, words, target, link} = match.groups;
    if (mark) {
      const sign = line[begin];
      if (LENGTHS[sign].includes(at - begin) && line[begin - 1] !== '\\') {
        const [left, right] = [before(line, begin), after(line, at)];
        const opens = right && !SPACE.test(right) && !inWord(left);
        const closes = left && !SPACE.test(left) && !inWord(right);
        ranges.mark(sign, offset + begin, offset + at, opens, closes);
      }
    } else if (code) {
      const partner = ticks.after(at, at - begin);
      if (partner !== undefined) {
        let [low, high] = [at, partner];
        at = partner + at - begin;
        if (line[low] === ' ' && line[high - 1] === ' ' && line.slice(low, high).trim())
          [low, high] = [low + 1, high - 1];
        ranges.put(offset + begin, offset + low, HIDDEN);
        ranges.put(offset + low, offset + high, CODE);
        ranges.put(offset + high, offset + at, HIDDEN);
      }
    } else if (target) {
      const [low, high] = [begin + 1, begin + 1 + words.length];
      ranges.put(offset + begin, offset + low, HIDDEN);
      ranges.put(offset + low, offset + high, LINKED, target);
      ranges.put(offset + high, offset + at, HIDDEN);
      if (!inside) ats = scanWords(words, offset + low, ranges, ats);
    } else if (link) {
      const address = trimmed(link);
      at = begin + Math.max(address.length, 1);
      if (!address.endsWith('://')) ranges.put(offset + begin, offset + at, LINKED, address);
    } else {
      ats += 1;
      const name = ats <= MOST ? nameAfter(line, at, me) : '';
      if (name) {
        const bits = [me, 'room'].includes(nameKey(name)) ? MENTION | YOU : MENTION;
        at += name.length;
        ranges.put(offset + begin, offset + at, bits);
      }
    }
    token.lastIndex = at;
  }
  return ats;
}

/** The words of a link: styles as everywhere, but no links inside it. */
function scanWords(words, offset, ranges, ats) {
  const inner = new Ranges();
  const count = scan(words, offset, inner, '', ats, true);
  for (const [low, high, bits] of inner.found) {
    if (!(bits & (LINKED | MENTION))) ranges.put(low, high, bits);
  }
  return count;
}

/** The runs of backticks of one line, looked for when the first one is asked about. */
class Ticks {
  #line;
  #places = null;
  #next = {};

  constructor(line) {
    this.#line = line;
  }

  /** Where the next run of exactly this length begins, from `place` on. Asked with growing places. */
  after(place, length) {
    if (!this.#places) {
      this.#places = {};
      for (const match of this.#line.matchAll(/`+/g)) (this.#places[match[0].length] ||= []).push(match.index);
    }
    const found = this.#places[length] || [];
    let next = this.#next[length] || 0;
    while (next < found.length && found[next] < place) next += 1;
    this.#next[length] = next;
    return found[next];
  }
}

/** Whether a mark beside this letter stands inside a word. Scripts without spaces between words do not count. */
function inWord(char) {
  if (!char || !WORD.test(char)) return false;
  const point = char.codePointAt(0);
  return (
    point < 0x0e00 ||
    (point >= 0x0f00 && point < 0x1000) ||
    (point >= 0x10a0 && point < 0x1100) ||
    (point >= 0x1e00 && point < 0x2000)
  );
}

/** The name after a sign `@`, without the punctuation behind it, unless that is the reader's own. */
function nameAfter(line, start, me) {
  let [stop, count] = [start, 0];
  while (stop < line.length && count <= USER_NAME) {
    const char = after(line, stop);
    if (!inName(char)) break;
    stop += char.length;
    count += 1;
  }
  let name = line.slice(start, stop);
  while (name && '-_.'.includes(name.at(-1)) && !(me && nameKey(name) === me)) name = name.slice(0, -1);
  return name;
}

/** The spans of the lines, from what lies over them. */
function swept(lines, ranges) {
  const edges = [];
  for (const [low, high, bits, address] of ranges) {
    if (low < high) edges.push([high, 0, bits, address], [low, 1, bits, address]);
  }
  edges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const depth = Object.fromEntries(STYLES.map((bit) => [bit, 0]));
  let [style, address, next] = [0, '', 0];
  return lines.map(([start, end]) => {
    const spans = [];
    let at = start;
    for (;;) {
      const stop = next < edges.length ? Math.min(end, edges[next][0]) : end;
      if (at < stop) {
        if (!(style & HIDDEN)) spans.push(span(at, stop, style & ~LINKED, address));
        at = stop;
      }
      if (next >= edges.length || edges[next][0] > end) break;
      const [, begins, bits, to] = edges[next];
      next += 1;
      for (const bit of STYLES) {
        if (bits & bit) {
          depth[bit] += begins ? 1 : -1;
          style = depth[bit] ? style | bit : style & ~bit;
        }
      }
      if (bits & LINKED) address = begins ? to : '';
    }
    return {start, end, spans};
  });
}
