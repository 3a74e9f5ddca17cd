// Times of the wire as the reader sees them: the clock beside a message, the day above it. Pure: `now` is an argument.

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A time of the wire (`2026-11-20T05:44:27.123451Z`) in milliseconds since 1970. */
export const millis = (time) => Date.parse(time);

/** Milliseconds since 1970 as the wire writes a time. */
export const wireTime = (at) => new Date(at).toISOString().replace('Z', '000Z');

const two = (number) => String(number).padStart(2, '0');

/** `09:12`. */
export function clock(at) {
  const moment = new Date(at);
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** The day of a moment as a number that grows by one from day to day. */
export function dayOf(at) {
  const moment = new Date(at);
  return Math.round(Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / 86_400_000);
}

/** The day of a moment as a field for dates has it: `2026-11-20`. */
export function isoDay(at) {
  const moment = new Date(at);
  return `${String(moment.getFullYear()).padStart(4, '0')}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** When a day begins here, so many days later: `midnight('2026-11-20', 1)`. */
export function midnight(day, later = 0) {
  const [year, month, date] = day.split('-').map(Number);
  const moment = new Date(0);
  moment.setFullYear(year, month - 1, date + later); // the years before 100 too, which come by while one is typed
  return moment.setHours(0, 0, 0, 0);
}

/** `Today`, `Yesterday` or `Friday, 20 November 2026`. */
export function dayName(at, now) {
  const moment = new Date(at);
  const ago = dayOf(now) - dayOf(at);
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  return `${DAYS[moment.getDay()]}, ${moment.getDate()} ${MONTHS[moment.getMonth()]} ${moment.getFullYear()}`;
}

/** Beside a conversation in the list: `09:21`, `Wed`, `12 Nov`. */
export function shortDay(at, now) {
  const moment = new Date(at);
  const ago = dayOf(now) - dayOf(at);
  if (ago <= 0) return clock(at);
  return ago < 7 ? DAYS[moment.getDay()].slice(0, 3) : `${moment.getDate()} ${MONTHS[moment.getMonth()].slice(0, 3)}`;
}

/** Beside a hit of the search: `Today 09:21`, `12 Nov`, `30 Jul 2025`. */
export function hitDay(at, now) {
  const moment = new Date(at);
  if (dayOf(at) === dayOf(now)) return `Today ${clock(at)}`;
  const day = `${moment.getDate()} ${MONTHS[moment.getMonth()].slice(0, 3)}`;
  return moment.getFullYear() === new Date(now).getFullYear() ? day : `${day} ${moment.getFullYear()}`;
}

/** In a sentence: `today at 09:21`, `on 12 November 2026 at 09:21`. */
export function spoken(at, now) {
  const name = dayName(at, now);
  return `${name === 'Today' || name === 'Yesterday' ? name.toLowerCase() : `on ${name}`} at ${clock(at)}`;
}

/** `10 minutes`, `1 hour`, `2 hours 30 minutes`, `3 days`: the two largest units that count. */
export function duration(minutes) {
  const rest = minutes % 1440;
  const parts = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor(rest / 60), 'hour'],
    [rest % 60, 'minute'],
  ];
  const words = parts.filter(([count]) => count).map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return words.slice(0, 2).join(' ') || '0 minutes';
}
