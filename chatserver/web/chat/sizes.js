// How large files are, in words: `182 KB`, `1.4 MB`, `14.9 of 24 MB, 62 %`. Pure. A KB has 1,024 bytes.

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];
const STEP = 1024;

/** So many bytes. */
export function size(count) {
  const unit = unitOf(count);
  return `${number(count, unit)} ${count === 1 ? 'byte' : UNITS[unit]}`;
}

/** How much of it is there: both in the unit of the whole, and the share. */
export function progress(sent, total) {
  const unit = unitOf(total);
  const share = total ? Math.floor((sent * 100) / total) : 100;
  return `${number(sent, unit)} of ${number(total, unit)} ${UNITS[unit]}, ${share} %`;
}

function unitOf(count) {
  let unit = 0;
  while (unit < UNITS.length - 1 && Math.round((count / STEP ** unit) * 10) / 10 >= STEP) unit += 1;
  return unit;
}

/** Without a fraction under a MB and from 100 on; without `.0`. */
function number(count, unit) {
  const value = count / STEP ** unit;
  if (unit < 2 || value >= 100) return Math.max(Math.round(value), count ? 1 : 0).toLocaleString('en-US');
  return value.toFixed(1).replace(/\.0$/, '');
}
