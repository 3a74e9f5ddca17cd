// The page begins here: who is signed in goes on where they were, everybody else signs in.

import {ChatClient} from './chat/client.js';
import {Keep} from './chat/keep.js';
import {appearance} from './page/appearance.js';
import {Chat} from './page/chat.js';
import {el} from './page/dom.js';
import {SignIn, codeOf} from './page/signin.js';

const root = document.getElementById('app');
const keep = new Keep();
let chat = null;
let form = null;
let leaving = false;
/** What stands there until the first welcome of somebody who is signed in. */
const waiting = el('p', {class: 'waiting muted', role: 'status'}, 'Connecting…');
const theme = appearance(keep, () => chat && chat.sidebar.draw());
const address = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;

const TOLD = 'parley:told';

const client = new ChatClient(address, keep, (told) => {
  if (told.type === 'signed-out') over(told.message, true);
  else if (told.type === 'rejected') refused(told);
  else if (told.type === 'disconnected' && form) {
    client.stop();
    form.refused('', told.reason);
  } else {
    if (told.type === 'connected') enter(told.welcome);
    if (chat) chat.told(told);
    else if (told.type === 'disconnected') waiting.textContent = `${told.reason} Trying again…`;
  }
});

/** The name does not open any more, or not yet. */
function refused({code, message}) {
  if (chat) over(message, false);
  else {
    if (!form) signIn();
    form.refused(code, message);
  }
}

/** Begin anew, with a sentence about why. `forget`: nothing of this person stays here. */
function over(message, forget) {
  client.stop();
  if (leaving) return;
  if (forget) keep.forget(client.user);
  sessionStorage.setItem(TOLD, message);
  location.reload();
}

function signIn() {
  const who = keep.who;
  form = new SignIn({
    label: keep.habit('server') || 'this server',
    user: who ? who.user : '',
    invite: codeOf(/[#?&]invite=/.test(location.href) ? location.href : ''),
    start: (about) => client.start(about),
  });
  document.title = 'Sign in, Parley';
  root.replaceChildren(form.element);
  const told = sessionStorage.getItem(TOLD);
  sessionStorage.removeItem(TOLD);
  if (told) form.refused('', told);
  else form.focus();
}

/** The room that the address names. */
function wished() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return ''; // what is no address names no room
  }
}

function enter(welcome) {
  keep.setHabit('server', welcome.server);
  form = null;
  chat ||= new Chat({client, keep, theme, signOut: leave});
  if (chat.element.isConnected) return;
  root.replaceChildren(chat.element);
  const there = (room) => welcome.rooms.some((state) => state.room === room);
  const room = there(wished()) ? wished() : there(keep.habit('room')) ? keep.habit('room') : 'lobby';
  // After the model has taken the welcome in.
  queueMicrotask(() => matchMedia('(min-width: 720px)').matches && chat.open(room));
}

async function leave() {
  const {
    files,
    model: {session, me},
  } = chat;
  leaving = true;
  try {
    await client.ask({type: 'sign_out', session});
  } catch {
    // Without a connection the token stays good until it is signed out from another device; here it is forgotten.
  }
  client.stop();
  files.forget();
  keep.forget(me);
  location.hash = '';
  location.reload();
}

const who = keep.who;
if (who && !/[#?&]invite=/.test(location.href)) {
  root.replaceChildren(el('main', {class: 'plain'}, waiting));
  client.start({user: who.user});
} else signIn();
