// What is asked of the server as one looks around: pages, quoted messages, members, the place of a message.

const FIRST = 60;
/** So many that were read already are shown above the unread ones. */
const READ = 20;
const PAGE = 200;
const PREVIEWS = 15;

export class History {
  #chat;
  #wanted = new Set();

  /** `chat`: {client, model, draw(), complain(sentence)} */
  constructor(chat) {
    this.#chat = chat;
  }

  async #ask(question, take) {
    const {client} = this.#chat;
    try {
      take(await client.ask(question));
    } catch (error) {
      if (!error.code) throw error;
      if (error.code !== 'offline') this.#chat.complain(error.message);
      return false;
    }
    this.#chat.draw();
    return true;
  }

  /** Signed in, once more perhaps: what is looked at, and the last words of direct conversations. */
  connected(fresh) {
    const {model} = this.#chat;
    this.#wanted.clear();
    if (model.talk) this.opened();
    if (!fresh) return;
    this.#ask({type: 'rooms'}, ({rooms}) => model.roomsListed(rooms));
    for (const talk of model.directs().slice(0, PREVIEWS)) if (talk !== model.talk && talk.last) this.#page(talk, 0, 5);
  }

  /** A conversation is looked at: have its newest page. */
  opened() {
    const {talk} = this.#chat.model;
    if (!talk) return;
    const limit = Math.min(PAGE, Math.max(FIRST, talk.unreadBefore + READ));
    if (!talk.timeline.newestHeld) this.#page(talk, 0, limit);
    this.members();
  }

  members() {
    const {model} = this.#chat;
    const {talk} = model;
    if (talk && (talk.last || !talk.direct))
      this.#ask({type: 'members', room: talk.room}, (list) => model.membersListed(talk.room, list));
  }

  /** The list comes to an end of what is held. */
  edge(which) {
    const {talk} = this.#chat.model;
    if (!talk || talk.loading || !this.#chat.client.online || this.#chat.view.timeline !== talk.timeline) return;
    const {timeline} = talk;
    if (which === 'older') this.#page(talk, timeline.firstSeq, PAGE);
    else this.#page(talk, timeline.newestSeq, PAGE, 'newer');
  }

  async #page(talk, at, limit, how = 'page') {
    if (talk.loading) return;
    if (talk.direct && !talk.last) {
      talk.timeline.page({messages: [], more_before: false, more_after: false, through: 0}, 0);
      return;
    }
    talk.loading = true;
    const where = how === 'newer' ? {after: at} : at ? {before: at} : {};
    const taken = await this.#ask({type: 'history', room: talk.room, limit, ...where}, (page) =>
      this.#chat.model.page(talk.room, page, how, at),
    );
    if (!taken) talk.loading = false;
  }

  /** Have the place of this message. True where it is shown. */
  async reach(room, seq) {
    const {model} = this.#chat;
    if (model.reach(room, seq)) return true;
    const taken = await this.#ask({type: 'history', room, around: seq, limit: FIRST}, (page) =>
      model.page(room, page, 'jump'),
    );
    return taken && model.current === room;
  }

  /** Quoted messages that are not held. */
  wants() {
    const {model} = this.#chat;
    const {talk} = model;
    if (!talk) return;
    for (const seq of talk.timeline.wants) {
      const key = `${talk.room} ${seq}`;
      if (this.#wanted.has(key)) continue;
      this.#wanted.add(key);
      this.#ask({type: 'history', room: talk.room, around: seq, limit: 1}, (page) => {
        model.quoted(
          talk.room,
          seq,
          page.messages.find((message) => message.seq === seq && message.type === 'message') || null,
        );
      });
    }
  }

  /** The name as it is written of somebody who is here; a direct conversation with nobody is refused by the server. */
  async known(user) {
    const {model} = this.#chat;
    const name = user.replace(/^@/, '');
    return [...model.people.keys()].find((each) => each.toLowerCase() === name.toLowerCase()) || name;
  }
}
