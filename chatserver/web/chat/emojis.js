// What emoji there are: groups, names and :shortcodes:, how to find one. The table is loaded when it is first needed.
//
// emoji.json, made by tools/web_emoji.py: [[group, [[emoji, name, [shortcodes], tones?], …]], …]; `tones` are the five
// variants of skin tone, where there are any.

const BELOVED = ['👍', '🎉', '❤️', '😂', '🚀', '👀', '✅', '🙏', '👏'];
let loading = null;
let table = null;

/** The table: `{groups: [{name, emoji: [about]}], all: [about], byCode: Map}`. */
export function load() {
  loading ||= fetch(new URL('../emoji.json', import.meta.url))
    .then((answer) => answer.json())
    .then(
      (raw) => {
        const groups = raw.map(([name, list]) => ({
          name,
          emoji: list.map(([emoji, words, codes, tones]) => ({emoji, name: words, codes, tones: tones || []})),
        }));
        const all = groups.flatMap((group) => group.emoji);
        const byCode = new Map();
        for (const about of all) for (const code of about.codes) if (!byCode.has(code)) byCode.set(code, about);
        table = {groups, all, byCode, byEmoji: new Map(all.map((about) => [about.emoji, about]))};
        return table;
      },
      (error) => {
        loading = null;
        throw error;
      },
    );
  return loading;
}

/** The table where it is here already. */
export const loaded = () => table;

/** In this skin tone ('' or 1 to 5), where it has tones. */
export const toned = (about, tone) => (tone && about.tones[tone - 1]) || about.emoji;

/** Those that have all these words, or beginnings of words, in one of their names; the closest first. */
export function find(text) {
  const words = text.toLowerCase().match(/[^\s_:]+/g);
  if (!words || !table) return [];
  const ranked = [];
  table.all.forEach((about, place) => {
    const rank = Math.min(...about.codes.map((code) => rankOf(code.split('_'), words)));
    if (rank < 9) ranked.push([rank, place, about]);
  });
  return ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((each) => each[2]);
}

function rankOf(parts, words) {
  if (parts.join(' ') === words.join(' ')) return 0;
  if (parts.join('_').startsWith(words.join('_'))) return 1;
  if (words.every((word) => parts.some((part) => part.startsWith(word)))) return 2;
  return words.every((word) => parts.some((part) => part.includes(word))) ? 3 : 9;
}

/** Whose shortcodes begin with this: those used often first, then the short ones. `[{about, code}]` */
export function complete(prefix, used, limit = 5) {
  if (!table) return [];
  const often = oftenUsed(used);
  const order = (emoji) => (often.includes(emoji) ? often.indexOf(emoji) : often.length);
  const found = [];
  for (const about of table.all) {
    const codes = about.codes.filter((code) => code.startsWith(prefix)).sort((a, b) => a.length - b.length);
    if (codes.length) found.push({about, code: codes[0]});
  }
  found.sort(
    (a, b) =>
      order(a.about.emoji) - order(b.about.emoji) || a.code.length - b.code.length || (a.code < b.code ? -1 : 1),
  );
  return found.slice(0, limit);
}

/** Those that stand most often in what was used, filled up with what people use most. */
export function oftenUsed(used, limit = 9) {
  const count = new Map();
  used.forEach((emoji) => count.set(emoji, (count.get(emoji) || 0) + 1));
  const mine = [...count.keys()].sort(
    (a, b) => count.get(b) - count.get(a) || used.lastIndexOf(b) - used.lastIndexOf(a),
  );
  return [...new Set([...mine, ...BELOVED])].slice(0, limit);
}
