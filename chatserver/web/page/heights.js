// How high the rows of a long list are: known where they were measured, guessed elsewhere. Sums by a Fenwick tree. Pure.

const GUESS = 52;

export class Heights {
  #heights = new Float32Array(0);
  #tree = new Float64Array(1);
  count = 0;

  /** Start with these heights; 0 or undefined: not known. */
  reset(count, height = () => 0) {
    this.count = count;
    this.#heights = new Float32Array(Math.max(16, Math.ceil(count * 1.25)));
    for (let i = 0; i < count; i += 1) this.#heights[i] = height(i) || GUESS;
    this.#build();
  }

  prepend(count) {
    const old = this.#heights.slice(0, this.count);
    this.reset(this.count + count, (i) => (i < count ? 0 : old[i - count]));
  }

  append(count) {
    const old = this.#heights;
    if (this.count + count > old.length) this.reset(this.count + count, (i) => old[i]);
    else {
      for (let i = this.count; i < this.count + count; i += 1) this.#set(i, GUESS);
      this.count += count;
    }
  }

  #build() {
    const size = this.#heights.length;
    this.#tree = new Float64Array(size + 1);
    for (let i = 1; i <= size; i += 1) {
      this.#tree[i] += this.#heights[i - 1];
      const parent = i + (i & -i);
      if (parent <= size) this.#tree[parent] += this.#tree[i];
    }
  }

  get(i) {
    return this.#heights[i];
  }

  /** True where it was another height until now. */
  set(i, height) {
    if (Math.abs(this.#heights[i] - height) < 0.01) return false;
    this.#set(i, height);
    return true;
  }

  #set(i, height) {
    const more = height - this.#heights[i];
    this.#heights[i] = height;
    for (let at = i + 1; at < this.#tree.length; at += at & -at) this.#tree[at] += more;
  }

  /** Where row `i` begins; of `count`: how high all are together. */
  top(i) {
    let sum = 0;
    for (let at = Math.min(i, this.count); at > 0; at -= at & -at) sum += this.#tree[at];
    return sum;
  }

  /** The row that stands at this place. */
  at(y) {
    let [place, left] = [0, y];
    for (let step = 1 << Math.floor(Math.log2(this.#tree.length)); step; step >>= 1) {
      if (place + step <= this.count && this.#tree[place + step] <= left) {
        place += step;
        left -= this.#tree[place];
      }
    }
    return Math.max(0, Math.min(place, this.count - 1));
  }
}
