// The page of who is signed in: its parts, put together. What the client tells goes into the model; what the model notes
// is drawn, once a frame; what people do goes to the client.

import { Files } from '../chat/files.js';
import { Model } from '../chat/model.js';
import { people } from '../chat/notices.js';
import { meaning } from '../chat/slash.js';
import { Acts } from './acts.js';
import { Composer } from './composer.js';
import { Conversation } from './conversation.js';
import { el } from './dom.js';
import { picker } from './emojipicker.js';
import { Header } from './header.js';
import { History } from './history.js';
import { icon } from './icons.js';
import { Members } from './members.js';
import { Notify } from './notify.js';
import { keysDialog, oneselfMenu } from './oneself.js';
import { menu } from './popover.js';
import { askLine, inviteInto, newRoom } from './roomdialogs.js';
import { SearchPanel } from './searchpanel.js';
import { shortcuts } from './shortcuts.js';
import { Sidebar } from './sidebar.js';
import { switcher } from './switcher.js';
import { TypingLine } from './typingline.js';
import { around, viewer } from './viewer.js';

export class Chat {
  element = el('div', {class: 'chat'});
  model = new Model();
  #panel = '';
  #frame = 0;
  #shownRoom = null;
  #made = new Map();
  #wish = null;

  /** `app`: {client, keep, theme(name), signOut()} */
  constructor({client, keep, theme, signOut}) {
    Object.assign(this, {client, keep, theme, signOut});
    const {model} = this;
    this.files = new Files(() => client.token);
    this.notify = new Notify(keep, this);
    this.history = new History(this);
    this.acts = new Acts(this);
    this.view = new Conversation({model, files: this.files, act: (...about) => this.acts.act(...about), pressed: (...about) => this.acts.pressed(...about),
      view: (row, file) => this.#viewPicture(row, file), save: (file) => this.save(file), place: (address) => this.#place(address),
      edge: (which) => this.history.edge(which), moved: () => this.#moved(), focused: (row, article) => this.#focused(row, article)});
    this.sidebar = new Sidebar(model, {files: this.files, open: (room) => this.open(room), create: (anchor) => this.#createMenu(anchor), jump: () => this.jump(),
      self: (anchor) => oneselfMenu(this, anchor), theme: () => theme(document.documentElement.dataset.shown === 'dark' ? 'light' : 'dark')});
    this.header = new Header(model, {files: this.files, back: () => this.open(null), members: () => this.panel('members'), search: () => this.panel('search'),
      more: (anchor) => this.#roomMenu(anchor), retry: () => client.retry()});
    this.composer = new Composer(model, keep, {files: this.files, token: () => client.token, send: (text, reply, files) => this.#send(text, reply, files),
      edit: (row, text) => client.change({type: 'edit', room: model.current, of: row.seq, text}), typing: () => client.say({type: 'typing', room: model.current}),
      pick: (anchor, chosen) => picker(anchor, keep, chosen), editLast: () => this.#editLast(), leave: () => this.newest(), emptied: (row) => this.acts.delete(row),
      editing: (row) => this.view.ring(row ? row.key : '')});
    this.members = new Members(this);
    this.search = null;
    this.typing = new TypingLine(model, this.files);
    this.#build();
    this.#listen();
  }

  #build() {
    this.floating = el('button', {type: 'button', class: 'floating', hidden: true, onclick: () => this.newest()}, icon('down2', 18), el('span', {}));
    this.empty = el('div', {class: 'empty', hidden: true});
    this.drop = el('div', {class: 'drop-here', hidden: true}, 'Drop to add to the message');
    this.news = el('div', {class: 'news', role: 'alert'});
    this.main = el('main', {class: 'talk', 'aria-label': 'Conversation'}, this.header.element, this.header.banner,
      el('div', {class: 'middle'}, this.view.element, this.empty, this.floating, this.drop), this.typing.element, this.composer.element);
    this.element.append(this.sidebar.element, this.main, this.news, this.notify.log, this.notify.status);
  }

  #listen() {
    const looks = () => {
      this.model.focus(!document.hidden && document.hasFocus());
      this.draw();
    };
    for (const [target, kind] of [[window, 'focus'], [window, 'blur'], [document, 'visibilitychange']]) target.addEventListener(kind, looks);
    for (const kind of ['online', 'focus']) window.addEventListener(kind, () => this.client.probe());
    this.view.element.addEventListener('pointerover', (event) => event.pointerType === 'mouse' && this.#hover(event.target));
    this.view.element.addEventListener('pointerleave', () => this.#hover(null));
    this.view.element.addEventListener('contextmenu', (event) => this.#context(event));
    this.view.element.addEventListener('click', (event) => this.#tapped(event));
    this.#dropping();
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
      this.#draw();
    });
  }

  #draw() {
    const {model} = this;
    const noted = model.take();
    for (const mark of noted.reads) this.client.say({type: 'read', ...mark});
    this.#turn();
    const talk = model.talk;
    if (noted.list || noted.people) this.sidebar.draw();
    if (talk && noted.rows.has(talk.room) && this.view.timeline === talk.timeline) this.view.changed(noted.rows.get(talk.room), this.#seen(talk));
    if (noted.heads.size || noted.people || noted.list) this.header.draw(this.#panel);
    if (noted.link) this.header.drawLink(Date.now());
    if (talk && (noted.heads.has(talk.room) || noted.link || noted.people)) this.composer.draw();
    if (this.#panel === 'members' && (noted.people || noted.heads.size)) this.members.draw();
    if (noted.typing || noted.link) this.typing.draw();
    for (const sentence of noted.news) this.complain(sentence);
    this.notify.came(noted.came);
    this.notify.title();
    this.#empty(talk);
    this.history.wants();
    this.arrivedAt();
    if (model.noted.list || model.noted.rows.size) this.draw();
  }

  /** Another conversation is looked at than was drawn. */
  #turn() {
    const {model} = this;
    const gone = this.#shownRoom && !model.talks.has(this.#shownRoom);
    if (gone && model.current === null && matchMedia('(min-width: 720px)').matches && model.talks.has('lobby')) model.open('lobby');
    if (model.current === this.#shownRoom) return;
    const {talk} = model;
    this.#shownRoom = model.current;
    this.element.classList.toggle('in-room', Boolean(talk));
    this.composer.turn(model.current);
    this.acts.bar.held = false;
    this.acts.bar.leave();
    this.view.show(talk ? talk.timeline : null, talk ? `Messages in ${talk.title}` : 'Messages');
    if (talk) this.view.changed([], this.#seen(talk));
    this.header.draw(this.#panel);
    this.composer.draw();
    this.typing.draw();
    if (this.#panel === 'members' && (!talk || talk.direct)) this.panel('');
    this.members.draw();
    this.history.opened();
  }

  #seen(talk) {
    const seen = talk.seen(this.model.me);
    if (!seen) return null;
    return {key: seen.key, words: talk.direct ? 'Seen' : `Seen by ${people(seen.names.map((name) => this.model.nameOf(name)))}`};
  }

  #empty(talk) {
    const shown = Boolean(talk) && talk.timeline.complete && !talk.timeline.count;
    if (!this.model.talks.size || (this.empty.hidden === !shown && this.empty.dataset.room === (talk ? talk.room : ''))) return;
    this.empty.hidden = !shown;
    this.empty.dataset.room = talk ? talk.room : '';
    if (shown) this.empty.replaceChildren(icon(talk.direct ? 'user' : 'hash', 64), el('h3', {}, `This is the first line of ${talk.title}`), el('p', {class: 'muted'}, 'Nothing was said here yet.'));
  }

  #moved() {
    const {talk} = this.model;
    const away = Boolean(talk) && this.view.timeline === talk.timeline && talk.timeline.count > 0 && (!talk.timeline.attached || !this.view.atEnd);
    const unread = away ? talk.unread : 0;
    const words = unread ? `${unread} new ${unread === 1 ? 'message' : 'messages'}` : '';
    this.floating.hidden = !away;
    this.floating.lastChild.textContent = words;
    this.floating.setAttribute('aria-label', words || 'To the newest message');
    this.floating.classList.toggle('round', !words);
  }

  /** A sentence for the person. */
  complain(sentence) {
    if (this.model.talk) this.composer.complain(sentence);
    else this.news.textContent = sentence;
  }

  announce(words) {
    this.notify.say(words);
  }

  // --- going somewhere ----------------------------------------------------------------------------------------------

  /** Look at this conversation; null: at the rooms (on a phone). */
  open(room, focus = true) {
    const {model} = this;
    if (room !== null && !model.talks.has(room)) {
      this.#wish = room;
      return;
    }
    const before = model.current;
    model.open(room);
    this.#draw();
    history.replaceState(null, '', room ? `#${encodeURIComponent(room)}` : '#');
    if (room === null) {
      const button = [...this.sidebar.element.querySelectorAll('[data-key]')].find((item) => item.dataset.key === before);
      if (button) button.querySelector('button').focus();
    } else if (focus && matchMedia('(hover: hover)').matches) this.composer.focus();
    else if (focus) this.header.focusTitle();
  }

  /** A room that came to be: open it if it was asked for. */
  arrivedAt() {
    const {model} = this;
    if (this.#wish && model.talks.has(this.#wish)) {
      const room = this.#wish;
      this.#wish = null;
      this.open(room);
    }
  }

  write(user) {
    this.open(this.model.directWith(user));
  }

  async join(room) {
    if (!this.model.talks.has(room)) {
      try {
        await this.made({type: 'join', room});
      } catch (error) {
        this.complain(error.message);
        return;
      }
      this.#wish = room;
    } else this.open(room);
    this.arrivedAt();
  }

  create(name) {
    newRoom(this, name);
  }

  jump() {
    switcher({...this, open: (room) => this.open(room), write: (user) => this.write(user), join: (room) => this.join(room), create: (name) => this.create(name),
      search: (text) => this.panel('search', text)});
  }

  /** To the newest message. */
  newest() {
    const {talk} = this.model;
    if (!talk) return;
    if (!talk.timeline.attached) {
      this.model.attach(talk.room);
      this.#draw();
      this.history.opened();
    }
    this.view.toEnd();
    this.model.focus(this.model.focused);
    this.draw();
  }

  /** Show one message; `stay`: the keyboard stays where it is. */
  async show(room, seq, stay = false) {
    if (!this.model.talks.has(room)) return;
    if (this.model.current !== room) this.open(room, false);
    if (!await this.history.reach(room, seq)) return;
    this.#draw();
    this.view.goTo(String(seq));
    if (stay) return;
    if (this.#panel === 'search') this.panel('');
    this.view.focusRow(String(seq));
  }

  /** Where an address leads inside this chat: what to do then; null for elsewhere. */
  #place(address) {
    let url;
    try {
      url = new URL(address.replace(/^chats?:/i, 'http:'));
    } catch {
      return null;
    }
    const room = decodeURIComponent(url.pathname.slice(1));
    if (!/^chats?:/i.test(address) || url.host !== location.host || !room) return null;
    const seq = Number(url.searchParams.get('message'));
    return () => (this.model.talks.has(room) && seq ? this.show(room, seq) : this.join(room));
  }

  // --- panels and menus ---------------------------------------------------------------------------------------------

  /** Open a panel at the right, or close it ('' or the same once more). */
  panel(name, text) {
    const opened = name !== this.#panel || text ? name : '';
    const before = this.#panel;
    this.#panel = opened;
    this.members.element.remove();
    if (this.search) this.search.element.remove();
    if (opened === 'search') {
      this.search ||= new SearchPanel({...this, model: this.model, close: () => this.panel(''), show: (room, seq, stay) => this.show(room, seq, stay)});
      this.element.append(this.search.element);
      if (text) this.search.look(text);
      this.search.focus();
    } else if (opened === 'members') {
      this.element.append(this.members.element);
      this.members.draw();
      this.history.members();
      this.members.focus();
    }
    this.element.classList.toggle('with-panel', Boolean(opened));
    this.header.draw(opened);
    if (!opened && before) this.composer.focus();
    this.view.draw();
  }

  close() {
    this.panel('');
  }

  mention(user) {
    this.composer.insert(`@${user} `);
  }

  invite() {
    inviteInto(this, this.model.current);
  }

  #createMenu(anchor) {
    menu(anchor, 'New room or message', [[{icon: 'plus', label: 'New room', act: () => newRoom(this)}, {icon: 'hash', label: 'Join a room', act: () => this.jump()},
      {icon: 'user', label: 'Message a person', act: () => askLine('Message a person', 'Name', '', 'Write', async (user) => this.write(await this.history.known(user)))}]]);
  }

  #roomMenu(anchor) {
    const {talk} = this.model;
    const leave = () => this.made({type: 'leave', room: talk.room}).catch((error) => this.complain(error.message));
    const narrow = !matchMedia('(min-width: 720px)').matches;
    menu(anchor, `What to do with ${talk.title}`, [narrow && !talk.direct ? [{icon: 'members', label: 'Members', act: () => this.panel('members')}] : [],
      talk.direct ? [] : [{icon: 'edit', label: talk.topic ? 'Change the topic' : 'Set a topic', act: () => askLine('Topic', `What ${talk.room} is about`, talk.topic, 'Save', (topic) => this.made({type: 'topic', room: talk.room, topic}), {empty: true})},
        {icon: 'plus', label: 'Invite people', act: () => this.invite()}],
      [{icon: 'search', label: 'Search messages', key: 'Ctrl F', act: () => this.panel('search')}],
      talk.direct || talk.room === 'lobby' ? [] : [{icon: 'out', label: 'Leave the room', danger: true, act: leave}]]);
  }

  #viewPicture(row, file) {
    const [sights, place] = around(this.view.timeline, row, file);
    viewer(sights, place, {model: this.model, files: this.files, save: (each) => this.save(each), reply: (each) => this.acts.act(each, 'reply')});
  }

  save(file) {
    this.files.save(file).catch((error) => this.complain(error.message));
  }

  // --- messages -----------------------------------------------------------------------------------------------------

  #send(line, reply, files) {
    const said = meaning(line);
    const room = this.model.current;
    const doing = {join: (rest) => this.join(rest.replace(/^#/, '')), leave: () => this.#ordered({type: 'leave', room}), topic: (topic) => this.#ordered({type: 'topic', room, topic}),
      nick: (display) => this.#ordered({type: 'profile', display}), help: () => keysDialog(), msg: (rest) => this.#tell(rest)};
    for (const type of ['invite', 'kick', 'ban', 'unban']) doing[type] = (user) => this.#ordered({type, room, user: user.replace(/^@/, '')});
    if (said.does !== 'say') {
      doing[said.does](said.rest);
      return;
    }
    this.client.change({type: 'post', room, text: said.text, ...(reply ? {reply_to: reply} : {}), ...(files.length ? {files: files.map(({file}) => file), about: files} : {})});
    this.view.toEnd();
  }

  #ordered(change) {
    this.made(change).catch((error) => this.complain(error.message));
  }

  async #tell(rest) {
    const [, user, text] = /^@?(\S+)\s*([\s\S]*)$/.exec(rest);
    try {
      this.write(await this.history.known(user));
      if (text) this.client.change({type: 'post', room: this.model.current, text});
    } catch (error) {
      this.complain(error.message);
    }
  }

  #editLast() {
    const {talk} = this.model;
    const row = talk && !talk.mutedUntil ? talk.timeline.lastOwn() : null;
    if (row) this.acts.act(row, 'edit');
  }

  // --- pointer ------------------------------------------------------------------------------------------------------

  #hover(target) {
    const article = target && target.closest('article');
    if (this.acts.bar.element.contains(document.activeElement)) return;
    const row = article ? this.view.row(article.closest('.entry').dataset.key) : null;
    if (row) this.acts.bar.at(row, article);
    else this.acts.bar.leave();
  }

  #focused(row, article) {
    if (row && article && matchMedia('(hover: hover)').matches) this.acts.bar.at(row, article);
  }

  #context(event) {
    const article = event.target.closest('article');
    if (!article || event.target.closest('a, img') || String(getSelection())) return;
    event.preventDefault();
    this.acts.menu(this.view.row(article.closest('.entry').dataset.key), {x: event.clientX, y: event.clientY});
  }

  /** Where nothing hovers, a touch on a message opens its menu. */
  #tapped(event) {
    if (matchMedia('(hover: hover)').matches || event.target.closest('a, button') || String(getSelection())) return;
    const bubble = event.target.closest('.bubble, .action');
    if (bubble) this.acts.menu(this.view.row(bubble.closest('.entry').dataset.key), bubble);
  }

  #dropping() {
    const bears = (event) => event.dataTransfer && [...event.dataTransfer.types].includes('Files') && this.model.talk;
    let depth = 0;
    const shown = (by) => {
      depth = Math.max(0, by ? depth + by : 0);
      this.drop.hidden = !depth;
    };
    this.main.addEventListener('dragenter', (event) => bears(event) && shown(1));
    this.main.addEventListener('dragleave', (event) => bears(event) && shown(-1));
    this.element.addEventListener('dragover', (event) => bears(event) && event.preventDefault());
    this.element.addEventListener('drop', (event) => {
      if (!bears(event)) return;
      event.preventDefault();
      shown(0);
      this.composer.attach([...event.dataTransfer.files]);
    });
  }
}
