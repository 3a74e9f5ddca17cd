// The chat as this page sees it: signing in, reconnecting, sending what waits, filling the gap. Knows no user interface.
//
// It tells what happens as events `{type, …}` to one listener, in order:
//   connecting · connected {welcome, fresh} · disconnected {reason, retryAt} · rejected {code, message}
//   signed-out {message} · pending {post} · changing {change} · delivered {id, seq} · failed {id, kind, code, message}
//   discarded {id} · arrived {event} · read · presence · typing
// Promises: a change is kept before it is told, goes out in order with the same id until it is answered, over reloads
// and restarts of the server too; events come in order of seq, each once.

import {CatchUp} from './catchup.js';
import {Connection} from './connection.js';
import {Outbox} from './outbox.js';
import {Refused, fresh, token} from './wire.js';

const AGAIN = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const SYNC = 'sync';
const NEVER_AGAIN = new Set([
  'bad_credentials',
  'name_taken',
  'bad_name',
  'invite_needed',
  'not_allowed',
  'unsupported_protocol',
]);

export class ChatClient {
  #told;
  #keep;
  #address;
  #connection = null;
  #online = false;
  #outbox = new Outbox();
  #kept = new Map();
  #failed = new Map();
  #catchUp = new CatchUp();
  #asked = new Map();
  #hello = null;
  #tries = 0;
  #timer = 0;
  #pause = 0;
  #again = 0;
  #last = 0;

  constructor(address, keep, told) {
    this.#address = address;
    this.#keep = keep;
    this.#told = told;
  }

  get online() {
    return this.#online;
  }

  get user() {
    return this.#hello ? this.#hello.user : '';
  }

  get token() {
    return this.#hello ? this.#hello.token : '';
  }

  // --- signing in ---------------------------------------------------------------------------------------------------

  /** Connect as this person. A token of this device is used where there is one, and made where there is none. */
  start({user, password, invite}) {
    this.stop();
    const who = this.#keep.who;
    const known = who && who.user === user ? who.token : token();
    this.#hello = {
      type: 'hello',
      protocol: 1,
      user,
      token: known,
      client: device(),
      ...(password ? {password} : {}),
      ...(invite ? {invite} : {}),
    };
    this.#connect();
  }

  stop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#pause);
    clearTimeout(this.#again);
    if (this.#connection) this.#connection.close();
    this.#connection = null;
    this.#online = false;
  }

  /** Try now. */
  retry() {
    if (this.#connection || !this.#hello) return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  /** The device woke up, or a network came back. */
  probe() {
    if (this.#connection) this.#connection.probe();
    else this.retry();
  }

  #connect() {
    this.#told({type: 'connecting'});
    this.#connection = new Connection(this.#address, {
      opened: () => this.#connection.send(this.#hello),
      line: (said) => this.#line(said),
      lost: (reason, code) => this.#lost(reason, code),
    });
  }

  #lost(reason, code) {
    this.#connection = null;
    this.#online = false;
    this.#outbox.disconnected();
    for (const {refuse} of this.#asked.values()) refuse(new Refused('offline', 'There is no connection now.'));
    this.#asked.clear();
    if (code === 'bad_credentials') {
      this.#told({type: 'signed-out', message: reason});
      return;
    }
    const wait = AGAIN[Math.min(this.#tries, AGAIN.length - 1)] * (0.75 + Math.random() / 2);
    this.#tries += 1;
    this.#told({type: 'disconnected', reason, retryAt: Date.now() + wait});
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  // --- lines --------------------------------------------------------------------------------------------------------

  #line(said) {
    const answered = said.ref && this.#asked.get(said.ref);
    if (answered) {
      this.#asked.delete(said.ref);
      if (said.type === 'error') answered.refuse(new Refused(said.code, said.message));
      else answered.take(said);
      return;
    }
    if (said.type === 'welcome') this.#welcome(said);
    else if (said.type === 'ok') this.#ok(said);
    else if (said.type === 'error' && said.ref === SYNC) this.#later(said.retry_after);
    else if (said.type === 'error') this.#error(said);
    else if (said.type === 'synced') this.#handOn(this.#catchUp.synced(said), true);
    else if (said.seq && said.id !== undefined) this.#handOn(this.#catchUp.live(said));
    else this.#told(said);
  }

  #welcome(welcome) {
    this.#tries = 0;
    this.#online = true;
    this.#hello = {...this.#hello, user: welcome.user, password: undefined, invite: undefined};
    this.#keep.who = {user: welcome.user, token: this.#hello.token};
    const first = this.#catchUp.seen === 0;
    const isFresh = this.#catchUp.welcome(welcome);
    this.#told({type: 'connected', welcome, fresh: isFresh});
    if (first) this.#takeUp();
    this.#sync();
    this.#flush();
  }

  #handOn(events, page = false) {
    for (const event of events) this.#told({type: 'arrived', event});
    if (page) this.#sync();
  }

  #sync() {
    if (this.#online && this.#catchUp.asking)
      this.#connection.send({type: 'sync', after: this.#catchUp.seen, ref: SYNC});
  }

  /** The server did not give what was missed, because one asks too fast: ask once more after so many seconds. */
  #later(seconds) {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#sync(), (seconds || 1) * 1000);
  }

  #ok({id, seq}) {
    const change = this.#answered(id);
    if (change) this.#told({type: 'delivered', id, seq});
    this.#flush();
  }

  #error({id, code, message, retry_after: after}) {
    if (!this.#online) {
      this.#rejected(code, message, after);
      return;
    }
    if (code === 'rate_limited' || code === 'shutting_down') {
      this.#outbox.turnedAway(id, Date.now() + (after || 1) * 1000);
    } else {
      const kept = this.#kept.get(id);
      const change = this.#answered(id);
      if (change && change.type === 'post') {
        this.#keep.keepChange(this.user, kept, change, message);
        this.#failed.set(id, {at: kept, change});
      }
      if (change) this.#told({type: 'failed', id, kind: change.type, code, message});
    }
    this.#flush();
  }

  #rejected(code, message, after) {
    if (!NEVER_AGAIN.has(code) && code !== 'rate_limited') {
      this.#connection.close();
      this.#lost(message, '');
      return;
    }
    this.stop();
    this.#told({type: 'rejected', code, message, after});
  }

  // --- changes ------------------------------------------------------------------------------------------------------

  /** Queue a change; its id. `{type: 'post' | 'edit' | …}` without an id. */
  change(about) {
    const id = fresh();
    const change = {...about, id};
    this.#last = Math.max(this.#last + 1, Date.now() * 1000);
    this.#queue(this.#last, change);
    this.#flush();
    return id;
  }

  /** `Refused` where it cannot be kept: nothing is shown as on its way that a reload would lose. */
  #queue(at, change) {
    if (!this.#keep.keepChange(this.user, at, change))
      throw new Refused('storage_full', 'The storage of this browser is full. Free some, and send it again.');
    this.#kept.set(change.id, at);
    this.#tell(at, change);
    this.#outbox.add(change);
  }

  #tell(at, change) {
    if (change.type === 'post') this.#told({type: 'pending', change, at: Math.floor(at / 1000)});
    else this.#told({type: 'changing', change});
  }

  /** What an earlier page left. */
  #takeUp() {
    for (const {at, change, failed} of this.#keep.waiting(this.user)) {
      if (this.#kept.has(change.id) || this.#failed.has(change.id)) continue;
      this.#last = Math.max(this.#last, at);
      if (failed) {
        this.#failed.set(change.id, {at, change});
        this.#tell(at, change);
        this.#told({type: 'failed', id: change.id, kind: change.type, code: '', message: failed});
      } else this.#queue(at, change);
    }
  }

  /** Send a refused post once more, as a new one; not where another tab did, or gave it up. */
  again(id) {
    const failed = this.#failed.get(id);
    if (!failed) return;
    const {id: _old, ...about} = failed.change;
    const here = this.#keep.keeps(this.user, failed.at, id);
    this.discard(id);
    if (here) this.change(about);
  }

  /** Give a refused post up. */
  discard(id) {
    const failed = this.#failed.get(id);
    if (!failed) return;
    this.#failed.delete(id);
    this.#keep.dropChange(this.user, failed.at, id);
    this.#told({type: 'discarded', id});
  }

  #answered(id) {
    const change = this.#outbox.answered(id);
    if (change) this.#keep.dropChange(this.user, this.#kept.get(id), id);
    this.#kept.delete(id);
    return change;
  }

  #flush() {
    if (!this.#online) return;
    // What a message bears is known to the server; it is kept for drawing alone.
    this.#connection.send(...this.#outbox.take(Date.now()).map(({about: _drawn, ...change}) => change));
    const wait = this.#outbox.wait(Date.now());
    clearTimeout(this.#pause);
    if (wait !== null) this.#pause = setTimeout(() => this.#flush(), wait);
  }

  // --- questions ----------------------------------------------------------------------------------------------------

  /** The answer to a question, or `Refused`. */
  ask(question) {
    if (!this.#online) return Promise.reject(new Refused('offline', 'There is no connection now.'));
    const ref = fresh();
    return new Promise((take, refuse) => {
      this.#asked.set(ref, {take, refuse});
      this.#connection.send({...question, ref});
    });
  }

  /** What nothing answers: read, typing. */
  say(command) {
    if (this.#online) this.#connection.send(command);
  }
}

/** What this device calls itself, for the list of devices. */
function device() {
  const agent = navigator.userAgent;
  const browser = [
    ['Firefox', 'Firefox'],
    ['Edg', 'Edge'],
    ['Chrome', 'Chrome'],
    ['Safari', 'Safari'],
  ].find(([sign]) => agent.includes(sign));
  const system = [
    ['Android', 'Android'],
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Windows', 'Windows'],
    ['Mac', 'Mac'],
    ['Linux', 'Linux'],
  ].find(([sign]) => agent.includes(sign));
  return `${browser ? browser[1] : 'Browser'}${system ? ` on ${system[1]}` : ''}`;
}
