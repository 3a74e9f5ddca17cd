// One WebSocket to the server that the page came from: lines out, lines in, and one sentence when it ends.
//
// Whoever has said nothing for `IDLE` is pinged, and is gone after `ANSWER` more. The token goes in the first line, never
// in an address.

const CONNECT = 10_000;
const IDLE = 30_000;
const ANSWER = 10_000;

export class Connection {
  #socket;
  #timer = 0;
  #over = false;
  #opened = false;
  #told;

  /** `told`: {opened(), line(said), lost(sentence, code)}; `lost` comes once, and nothing after it. */
  constructor(address, told) {
    this.#told = told;
    this.#socket = new WebSocket(address);
    this.#socket.onopen = () => {
      this.#opened = true;
      this.#heard();
      told.opened();
    };
    this.#socket.onmessage = ({data}) => this.#lines(data);
    this.#socket.onclose = () =>
      this.#end(
        this.#opened
          ? 'The connection to the server broke.'
          : `Nothing answers at ${new URL(address).host}. Check whether the server is running.`,
      );
    this.#after(CONNECT, () => this.#end('The server does not answer.'));
  }

  /** Put these on their way. On a connection that ended they go nowhere; `lost` says that it did. */
  send(...commands) {
    if (commands.length && this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(commands.map((command) => JSON.stringify(command)).join('\n'));
    }
  }

  close() {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#socket.close();
  }

  /** Is the server still there? Say so soon: the device may have slept. */
  probe() {
    if (!this.#opened || this.#over) return;
    this.send({type: 'ping'});
    this.#after(ANSWER, () => this.#end('The server has said nothing for a while.'));
  }

  #lines(data) {
    this.#heard();
    for (const line of data.split('\n')) {
      if (!line || this.#over) continue;
      const said = JSON.parse(line);
      if (said.type === 'goodbye') this.#end(said.message, said.code);
      else this.#told.line(said);
    }
  }

  #heard() {
    this.#after(IDLE, () => this.probe());
  }

  #after(time, what) {
    clearTimeout(this.#timer);
    if (!this.#over) this.#timer = setTimeout(what, time);
  }

  #end(sentence, code = '') {
    if (this.#over) return;
    this.close();
    this.#told.lost(sentence, code);
  }
}
