// The page of who is signed in: its parts, put together. What the client tells goes into the model; what the model notes
// is drawn, once a frame; what people do goes to the client.

import {Files} from '../chat/files.js';
import {Model} from '../chat/model.js';
import {people} from '../chat/notices.js';
import {Acts} from './acts.js';
import {Composer} from './composer.js';
import {Conversation} from './conversation.js';
import {el} from './dom.js';
import {picker} from './emojipicker.js';
import {Empty} from './empty.js';
import {goToDate} from './date.js';
import {Going} from './going.js';
import {Header} from './header.js';
import {History} from './history.js';
import {icon} from './icons.js';
import {Members} from './members.js';
import {createMenu, roomMenu} from './menus.js';
import {Notify} from './notify.js';
import {oneselfMenu} from './oneself.js';
import {focused, pointer} from './pointer.js';
import {inviteInto} from './roomdialogs.js';
import {say} from './saying.js';
import {SearchPanel} from './searchpanel.js';
import {shortcuts} from './shortcuts.js';
import {Sidebar} from './sidebar.js';
import {TypingLine} from './typingline.js';
import {around, viewer} from './viewer.js';

/** So long a sentence stays where there is no box that it could stand over. */
const TOLD = 10_000;

export class Chat extends Going {
  element = el('div', {class: 'chat'});
  model = new Model();
  shownPanel = '';
  #frame = 0;
  /** Messages that came while the reader was further up. */
  #below = 0;
  #shownRoom = null;
  #told = 0;
  #made = new Map();

  /** `app`: {client, keep, theme(name), signOut()} */
  constructor({client, keep, theme, signOut}) {
    super();
    Object.assign(this, {client, keep, theme, signOut});
    const {model} = this;
    this.files = new Files(() => client.token);
    this.notify = new Notify(keep, this);
    this.history = new History(this);
    this.acts = new Acts(this);
    this.view = new Conversation({
      model,
      files: this.files,
      act: (...about) => this.acts.act(...about),
      pressed: (...about) => this.acts.pressed(...about),
      view: (row, file) => this.#viewPicture(row, file),
      save: (file) => this.save(file),
      place: (address) => this.place(address),
      date: (at) => goToDate(this, at),
      edge: (which) => this.history.edge(which),
      moved: () => this.#moved(),
      focused: (row, article) => focused(this.acts, row, article),
    });
    this.sidebar = new Sidebar(model, {
      files: this.files,
      open: (room) => this.open(room),
      create: (anchor) => createMenu(this, anchor),
      jump: () => this.jump(),
      self: (anchor) => oneselfMenu(this, anchor),
      theme: () => theme(document.documentElement.dataset.shown === 'dark' ? 'light' : 'dark'),
    });
    this.header = new Header(model, {
      files: this.files,
      back: () => this.open(null),
      members: () => this.panel('members'),
      search: () => this.panel('search'),
      more: (anchor) => roomMenu(this, anchor),
      retry: () => client.retry(),
    });
    this.composer = new Composer(model, keep, {
      files: this.files,
      token: () => client.token,
      send: (text, reply, files) => say(this, text, reply, files),
      edit: (row, text) => client.change({type: 'edit', room: model.current, of: row.seq, text}),
      typing: () => client.say({type: 'typing', room: model.current}),
      pick: (anchor, chosen) => picker(anchor, keep, {chosen, failed: (sentence) => this.complain(sentence)}),
      editLast: () => this.acts.editLast(),
      leave: () => this.newest(),
      emptied: (row) => this.acts.delete(row),
      editing: (row) => this.view.ring(row ? row.key : ''),
    });
    this.members = new Members(this);
    this.search = null;
    this.typing = new TypingLine(model, this.files);
    this.#build();
    this.#listen();
  }

  #build() {
    this.floating = el(
      'button',
      {type: 'button', class: 'floating', hidden: true, onclick: () => this.newest()},
      icon('down2', 18),
      el('span', {}),
    );
    this.empty = new Empty(this);
    this.drop = el('div', {class: 'drop-here', hidden: true}, 'Drop to add to the message');
    this.heading = el('h1', {class: 'hidden'}, 'Parley');
    this.news = el('div', {class: 'news', role: 'alert'});
    this.middle = el(
      'div',
      {class: 'middle', hidden: true},
      this.view.element,
      this.empty.element,
      this.floating,
      this.drop,
    );
    this.main = el(
      'main',
      {'aria-label': 'Conversation'},
      this.heading,
      el(
        'div',
        {class: 'talk'},
        this.header.element,
        this.header.banner,
        this.middle,
        this.typing.element,
        this.composer.element,
      ),
    );
    this.element.append(this.sidebar.element, this.main, this.news, this.notify.log, this.notify.status);
  }

  #listen() {
    const looks = () => {
      this.model.focus(!document.hidden && document.hasFocus());
      this.draw();
    };
    for (const [target, kind] of [
      [window, 'focus'],
      [window, 'blur'],
      [document, 'visibilitychange'],
    ])
      target.addEventListener(kind, looks);
    looks(); // a page may be opened behind another one
    for (const kind of ['online', 'focus']) window.addEventListener(kind, () => this.client.probe());
    pointer(this);
    shortcuts(this);
    setInterval(() => {
      this.model.tick(Date.now());
      this.draw();
      this.header.drawLink(Date.now());
    }, 1_000);
  }

  /** What the client tells. */
  told(told) {
    const made = told.id && this.#made.get(told.id);
    if (made && (told.type === 'delivered' || told.type === 'failed')) {
      this.#made.delete(told.id);
      if (told.type === 'delivered') made.take();
      else {
        made.refuse(Object.assign(new Error(told.message), {code: told.code || ''}));
        this.model.apply({type: 'delivered', id: told.id, seq: 0});
        this.draw();
        return;
      }
    }
    this.model.apply(told);
    if (told.type === 'connected') this.history.connected(told.fresh);
    this.draw();
  }

  /** A change, and whether it was taken: resolves when it is stored, rejects with the server's sentence. */
  made(change) {
    return new Promise((take, refuse) => {
      const id = this.client.change(change);
      this.#made.set(id, {take, refuse});
    });
  }

  // --- drawing ------------------------------------------------------------------------------------------------------

  /** Draw what changed, soon: once for all that happens until then. */
  draw() {
    if (this.#frame) return;
    this.#frame = 1;
    const later = document.hidden ? (does) => setTimeout(does, 0) : requestAnimationFrame;
    later(() => {
      this.#frame = 0;
      this.drawNow();
    });
  }

  /** Draw what changed. */
  drawNow() {
    const {model} = this;
    const noted = model.take();
    for (const mark of noted.reads) this.client.say({type: 'read', ...mark});
    this.#turn();
    const talk = model.talk;
    if (talk && !this.view.atEnd) this.#below += noted.came.filter((came) => came.talk === talk).length;
    if (noted.list || noted.people) this.sidebar.draw();
    if (talk && noted.rows.has(talk.room) && this.view.timeline === talk.timeline)
      this.view.changed(noted.rows.get(talk.room), this.#seen(talk));
    if (noted.heads.size || noted.people || noted.list) this.header.draw(this.shownPanel);
    if (noted.link) {
      this.header.drawLink(Date.now());
      this.heading.textContent = model.server || 'Parley';
    }
    if (talk && (noted.heads.has(talk.room) || noted.link || noted.people)) this.composer.draw();
    if (this.shownPanel === 'members' && (noted.people || noted.heads.size)) this.members.draw();
    if (noted.typing || noted.link) this.typing.draw();
    for (const sentence of noted.news) this.complain(sentence);
    this.notify.came(noted.came);
    this.notify.title();
    this.empty.draw();
    this.history.wants();
    this.arrivedAt();
    if (model.noted.list || model.noted.rows.size) this.draw();
  }

  /** Another conversation is looked at than was drawn. */
  #turn() {
    const {model} = this;
    const gone = this.#shownRoom && !model.talks.has(this.#shownRoom);
    if (gone && model.current === null && matchMedia('(min-width: 720px)').matches && model.talks.has('lobby'))
      model.open('lobby');
    if (model.current === this.#shownRoom) return;
    const {talk} = model;
    this.#shownRoom = model.current;
    this.#below = 0;
    this.element.classList.toggle('in-room', Boolean(talk));
    this.middle.hidden = !talk;
    this.composer.turn(model.current);
    this.acts.bar.held = false;
    this.acts.bar.leave();
    this.view.show(talk ? talk.timeline : null, talk ? `Messages in ${talk.title}` : 'Messages');
    if (talk) this.view.changed([], this.#seen(talk));
    this.header.draw(this.shownPanel);
    this.composer.draw();
    this.typing.draw();
    if (this.shownPanel === 'members' && (!talk || talk.direct)) this.panel('');
    this.members.draw();
    this.history.opened();
  }

  #seen(talk) {
    const seen = talk.seen(this.model.me);
    if (!seen) return null;
    return {
      key: seen.key,
      words: talk.direct ? 'Seen' : `Seen by ${people(seen.names.map((name) => this.model.nameOf(name)))}`,
    };
  }

  #moved() {
    const {talk} = this.model;
    const away =
      Boolean(talk) &&
      this.view.timeline === talk.timeline &&
      talk.timeline.count > 0 &&
      (!talk.timeline.attached || !this.view.atEnd);
    this.#below = away ? this.#below : 0;
    const words = this.#below ? `${this.#below} new ${this.#below === 1 ? 'message' : 'messages'}` : '';
    this.floating.hidden = !away;
    this.floating.lastChild.textContent = words;
    this.floating.setAttribute('aria-label', words || 'To the newest message');
    this.floating.classList.toggle('round', !words);
  }

  /** A sentence for the person. */
  complain(sentence) {
    if (this.model.talk) this.composer.complain(sentence);
    else {
      this.news.textContent = sentence;
      clearTimeout(this.#told);
      this.#told = setTimeout(() => this.news.replaceChildren(), TOLD);
    }
  }

  announce(words) {
    this.notify.say(words);
  }

  // --- panels and menus ---------------------------------------------------------------------------------------------

  /** Open a panel at the right, or close it ('' or the same once more). */
  panel(name, text) {
    const opened = name !== this.shownPanel || text ? name : '';
    const before = this.shownPanel;
    this.shownPanel = opened;
    this.members.element.remove();
    if (this.search) this.search.element.remove();
    if (opened === 'search') {
      this.search ||= new SearchPanel(this);
      this.main.append(this.search.element);
      if (text) this.search.look(text);
      this.search.focus();
    } else if (opened === 'members') {
      this.main.append(this.members.element);
      this.members.draw();
      this.history.members();
      this.members.focus();
    }
    this.element.classList.toggle('with-panel', Boolean(opened));
    this.header.draw(opened);
    if (!opened && before) this.composer.focus();
    this.view.draw();
  }

  mention(user) {
    this.composer.insert(`@${user} `);
  }

  invite() {
    inviteInto(this, this.model.current);
  }

  #viewPicture(row, file) {
    const [sights, place] = around(this.view.timeline, row, file);
    viewer(sights, place, {
      model: this.model,
      files: this.files,
      save: (each) => this.save(each),
      reply: (each) => this.acts.act(each, 'reply'),
    });
  }

  save(file) {
    this.files.save(file).catch((error) => this.complain(error.message));
  }
}
