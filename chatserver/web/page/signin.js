// Signing in: a name, and what the server asks for besides: a password, an invitation. Each error stands under its field.

import {nameTrouble} from '../chat/names.js';
import {attribute, el} from './dom.js';
import {icon, mark} from './icons.js';
import {story} from './story.js';

const PLACES = {
  name_taken: 'user',
  bad_name: 'user',
  not_allowed: 'user',
  bad_credentials: 'password',
  rate_limited: 'password',
  invite_needed: 'invite',
};

export class SignIn {
  element;
  #fields = {};
  #button = el('button', {type: 'submit', class: 'bt pri l'}, 'Connect');
  #heading = el('h1', {}, 'Welcome');
  #below = el('p', {class: 'muted'}, 'Choose a name to start talking.');
  #label;
  #start;

  /** `start({user, password, invite})`; `label`: what to call the server; `invite`: a code that came with the address. */
  constructor({label, user = '', invite = '', start}) {
    this.#label = label;
    this.#start = start;
    const form = el(
      'form',
      {novalidate: true, onsubmit: (event) => this.#submit(event)},
      this.#field(
        'user',
        'Your name',
        {autocomplete: 'username', value: user, autocapitalize: 'none', spellcheck: 'false'},
        'Letters, digits, - _ and . in any script, at most 32.',
      ),
      this.#field('password', 'Password', {type: 'password', autocomplete: 'current-password'}),
      this.#field(
        'invite',
        'Invitation',
        {autocomplete: 'off', value: invite, spellcheck: 'false'},
        'A code, or the link that you were given.',
      ),
      this.#button,
    );
    this.#show('password', false);
    this.#show('invite', Boolean(invite));
    if (invite) this.#say('You are invited', 'Choose a name, and you are in.', `Join ${label}`);
    this.element = el(
      'div',
      {class: 'signin'},
      el('main', {class: 'form'}, el('div', {class: 'inner'}, mark(56), this.#heading, this.#below, form)),
      story(),
    );
  }

  focus() {
    const {user, password, invite} = this.#fields;
    const shown = [user, password, invite].filter((field) => !field.box.hidden);
    (shown.find((field) => !field.input.value) || shown[0]).input.focus();
  }

  #field(name, label, about, hint) {
    const trouble = el('div', {class: 'er', id: `${name}-trouble`, role: 'alert'});
    const input = el('input', {
      class: 'in',
      id: name,
      name,
      'aria-describedby': `${name}-trouble${hint ? ` ${name}-hint` : ''}`,
      oninput: () => this.#trouble(name, ''),
      ...about,
    });
    const box = el(
      'div',
      {class: 'fieldbox'},
      el('label', {class: 'fl', for: name}, label),
      input,
      trouble,
      hint && el('div', {class: 'hint', id: `${name}-hint`}, hint),
    );
    this.#fields[name] = {input, box, trouble};
    return box;
  }

  #show(name, shown) {
    this.#fields[name].box.hidden = !shown;
  }

  #say(heading, below, button) {
    this.#heading.textContent = heading;
    this.#below.textContent = below;
    this.#button.textContent = button;
    this.#button.dataset.words = button;
  }

  #trouble(name, sentence) {
    const {input, trouble} = this.#fields[name];
    attribute(input, 'aria-invalid', sentence ? 'true' : null);
    trouble.replaceChildren(...(sentence ? [icon('alert', 16), el('span', {}, sentence)] : []));
  }

  #submit(event) {
    event.preventDefault();
    const value = (name) => (this.#fields[name].box.hidden ? '' : this.#fields[name].input.value);
    const user = value('user').trim().normalize('NFC');
    const wrong = nameTrouble(user, 32);
    if (wrong) {
      this.#trouble('user', wrong);
      this.#fields.user.input.focus();
      return;
    }
    this.#button.disabled = true;
    this.#button.dataset.words ||= this.#button.textContent;
    this.#button.textContent = 'Connecting…';
    this.#start({user, password: value('password'), invite: codeOf(value('invite'))});
  }

  /** The server refused, or did not answer ('' for a code). */
  refused(code, message) {
    this.#button.disabled = false;
    this.#button.textContent = this.#button.dataset.words || 'Connect';
    const {user, password, invite} = this.#fields;
    const name = user.input.value.trim();
    if (code === 'bad_credentials' && password.box.hidden) {
      this.#show('password', true);
      this.#say('Welcome back', `The name ${name} has a password on ${this.#label}.`, 'Sign in');
      password.input.focus();
      return;
    }
    const place = code === 'invite_needed' ? 'invite' : PLACES[code] || 'user';
    const asked = place === 'invite' && invite.box.hidden;
    this.#show(place, true);
    this.#trouble(place, this.#sentence(code, message, name, asked));
    this.#fields[place].input.focus();
  }

  #sentence(code, message, user, asked) {
    const label = this.#label;
    const sentences = {
      name_taken: `${user} belongs to somebody on ${label}. If that is you, sign in on your first device and set a password.`,
      bad_credentials: `That password does not open ${user} on ${label}. Try again, or choose another name.`,
      invite_needed: asked ? `${label} needs an invitation. Paste the link that you were given.` : message,
      unsupported_protocol: 'This page is older than the server. Load it again.',
    };
    return sentences[code] || message;
  }
}

/** The code in a link such as `chat://host/room?invite=CODE`, or the code itself. */
export function codeOf(text) {
  const found = /[?&#]invite=([^&\s#]+)/.exec(text);
  try {
    return (found ? decodeURIComponent(found[1]) : text).trim();
  } catch {
    return found[1]; // no code that was ever given: the server says so
  }
}
