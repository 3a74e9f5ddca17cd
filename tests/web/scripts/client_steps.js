// The client of the page against a server that says what it is told to: what it sent, and what it told.
async () => {
  const {ChatClient} = await import('/assets/chat/client.js');
  const {Keep} = await import('/assets/chat/keep.js');
  const [sent, told, real] = [[], [], WebSocket];
  let socket = null;
  window.WebSocket = class {
    static OPEN = 1;
    readyState = 1;
    constructor() {
      socket = this;
    }
    send(lines) {
      sent.push(...lines.split('\n').map((line) => JSON.parse(line)));
    }
    close() {}
  };
  const hear = (line) => socket.onmessage({data: `${JSON.stringify(line)}\n`});
  const welcome = (tip) => hear({type: 'welcome', user: 'zoe', epoch: 'e', tip, rooms: []});
  const of = (type) => sent.filter((line) => line.type === type);
  const until = async (holds) => {
    for (let i = 0; !holds(); i += 1) {
      if (i > 400) throw new Error('waited in vain');
      await new Promise((done) => setTimeout(done, 10));
    }
  };
  const client = new ChatClient('ws://harbour.example/ws', new Keep(sessionStorage), (event) => told.push(event));
  try {
    client.start({user: 'zoe'});
    socket.onopen();
    welcome(5);
    socket.onclose();
    client.retry();
    socket.onopen();
    welcome(9);
    hear({type: 'message', seq: 10, id: 'b', room: 'lobby', user: 'bob', text: 'live'});
    hear({type: 'error', ref: 'sync', code: 'rate_limited', message: 'Too fast.', retry_after: 0.05});
    await until(() => of('sync').length === 2);
    const message = {type: 'message', seq: 7, id: 'a', room: 'lobby', user: 'bob', text: 'missed'};
    hear({type: 'synced', events: [message], more: false, through: 9});
    const id = client.change({type: 'post', room: 'lobby', text: 'x', files: ['f'], about: [{file: 'f'}]});
    hear({type: 'error', id, code: 'not_member', message: 'You are not in lobby.'});
    for (const key of Object.keys(sessionStorage)) if (key.endsWith(id)) sessionStorage.removeItem(key);
    client.again(id);
    return {
      syncs: of('sync').map((line) => line.after),
      arrived: told.filter((each) => each.type === 'arrived').map(({event}) => event.seq),
      posts: of('post').map((post) => Object.keys(post).sort()),
      last: told.at(-1).type,
    };
  } finally {
    client.stop();
    window.WebSocket = real;
  }
};
