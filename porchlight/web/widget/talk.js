import { h, spoken } from './dom.js';

const AT_END_PX = 64;
const SAFE_LINK = /^(tel:|sms:|https:\/\/)/;
const OPENS_A_PAGE = new Set(['chat', 'web']);

function byName(contacts) {
  const cards = new Map();
  for (const contact of contacts) cards.set(contact.name, [...(cards.get(contact.name) ?? []), contact]);
  return [...cards];
}

/** "988" does not say what to do with it; "Text HOME to 741741" does, in either language. */
const saysWhatToDo = ({ kind, value }) => kind === 'text' && /\p{L}/u.test(value);

/** The label is exactly what is dialled, with what will happen before it. */
function contactLink(contact, texts) {
  const { kind, value, href } = contact;
  if (!SAFE_LINK.test(href ?? '')) return h('span', { class: 'way' }, value);
  const page = OPENS_A_PAGE.has(kind) && { target: '_blank', rel: 'noopener noreferrer nofollow' };
  const verb = saysWhatToDo(contact) ? null : h('span', {}, `${texts[kind]} `);
  return h('a', { class: 'way', href, ...page }, verb, h('b', {}, value));
}

function openingHours(ways, texts) {
  const hours = ways.filter((way) => way.hours);
  const same = new Set(hours.map((way) => way.hours)).size === 1;
  if (same) return [h('p', { class: 'hours' }, spoken(`${texts.hours}: `), hours[0].hours)];
  return hours.map((way) => h('p', { class: 'hours' }, `${texts[way.kind]}: ${way.hours}`));
}

function contactCard([name, ways], texts) {
  return h('li', { class: 'card' },
    h('p', { class: 'who' }, name),
    h('p', { class: 'ways' }, ...ways.map((way) => contactLink(way, texts))),
    ...openingHours(ways, texts));
}

/** The messages, those on their way last. `choose(payload, title, event)` hears of a pressed button. */
export class Messages {
  #log;
  #more;
  #choose;
  #restedAt = -1;
  #stuck = true;

  constructor(log, more, choose) {
    this.#log = log;
    this.#more = more;
    this.#choose = choose;
    log.addEventListener('scroll', () => this.#scrolled());
    new ResizeObserver(() => { if (this.#stuck) this.toEnd(); }).observe(log); // a keyboard came up
    more.addEventListener('click', () => this.toEnd());
  }

  add(messages, texts) {
    const follow = this.#atEnd();
    const first = !this.#log.firstChild;
    const drawn = messages.map((message) => this.#draw(message, texts[message.lang]));
    this.#quietly(first, () => this.#place(drawn));
    const answer = drawn[messages.findIndex((message) => message.from !== 'you')];
    if (first && messages.some((message) => message.from === 'you')) this.toEnd();
    else if (follow && answer) this.#showFrom(answer);
    else if (answer) this.#more.hidden = false;
  }

  addOwn(entry, lang, texts) {
    entry.element = this.#draw({ from: 'you', text: entry.shown, lang, buttons: [], contacts: [] }, texts);
    entry.element.classList.add('pending');
    this.#log.append(entry.element);
    this.#refresh();
    this.toEnd();
  }

  settle(entry, message) {
    entry.element.classList.remove('pending');
    entry.element.lang = message.lang;
    if (this.#log.querySelector('.pending')) this.#place([entry.element]);
  }

  withdraw(entry) {
    entry.element.remove();
    this.#refresh();
  }

  toEnd() {
    this.#more.hidden = true;
    this.#rest(this.#log.scrollHeight);
  }

  empty() {
    this.#log.replaceChildren();
    this.#more.hidden = true;
  }

  #draw(message, texts) {
    const silent = !message.text && !message.contacts.length; // a pressed button whose title was not kept
    return h('div', { class: `message ${message.from}`, lang: message.lang, hidden: silent },
      h('p', { class: 'said' }, spoken(`${texts[`from_${message.from}`]}: `), message.text),
      message.contacts.length
        ? h('ul', { class: 'cards' }, ...byName(message.contacts).map((card) => contactCard(card, texts))) : null,
      message.buttons.length ? this.#choices(message.buttons) : null);
  }

  #choices(buttons) {
    const draw = ({ title, payload }) =>
      h('button', { type: 'button', onclick: (event) => this.#choose(payload, title, event) }, title);
    return h('div', { class: 'choices' }, ...buttons.map(draw));
  }

  #place(elements) {
    const pending = this.#log.querySelector('.pending');
    if (pending) pending.before(...elements);
    else this.#log.append(...elements);
    this.#refresh();
  }

  /** Buttons of earlier questions are gone once something else was said. */
  #refresh() {
    let current = true;
    for (const message of [...this.#log.children].reverse()) {
      if (message.classList.contains('you')) current = false;
      for (const choices of message.querySelectorAll('.choices')) choices.hidden = !current;
    }
  }

  /** What was said before a reload is not read out again. */
  #quietly(quiet, change) {
    if (quiet) this.#log.setAttribute('aria-live', 'off');
    change();
    if (quiet) setTimeout(() => this.#log.removeAttribute('aria-live'), 500);
  }

  /** A long answer is shown from its beginning, a short one to its end. */
  #showFrom(message) {
    this.#rest(Math.min(message.offsetTop - this.#log.offsetTop - 8, this.#log.scrollHeight));
    this.#more.hidden = this.#nearEnd();
  }

  #rest(top) {
    this.#log.scrollTop = top;
    this.#restedAt = this.#log.scrollTop;
    this.#stuck = this.#nearEnd();
  }

  #scrolled() {
    this.#stuck = this.#nearEnd();
    if (this.#stuck) this.#more.hidden = true;
  }

  #nearEnd() {
    return this.#log.scrollHeight - this.#log.clientHeight - this.#log.scrollTop < AT_END_PX;
  }

  #atEnd() {
    return this.#nearEnd() || Math.abs(this.#log.scrollTop - this.#restedAt) < 2;
  }
}

/** Where a person writes. Enter sends, Shift+Enter makes a new line, the field grows with the text. */
export class Composer {
  #form;
  #input;
  #send;

  constructor(form, input, send) {
    this.#form = form;
    this.#input = input;
    this.#send = send;
    form.addEventListener('submit', (event) => this.#submit(event));
    input.addEventListener('keydown', (event) => this.#key(event));
    input.addEventListener('input', () => this.#grow());
  }

  set open(isOpen) {
    this.#form.hidden = !isOpen;
  }

  focus() {
    this.#input.focus();
  }

  clear() {
    this.#write('');
  }

  /** A refused message comes back to be mended, unless the next one is being written. */
  giveBack(text) {
    if (!this.#input.value) this.#write(text);
  }

  #key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.#submit(event);
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#input.value.trim();
    if (!text) return;
    this.clear();
    this.#send(text);
    this.focus();
  }

  #write(text) {
    this.#input.value = text;
    this.#grow();
  }

  #grow() {
    const { style } = this.#input;
    style.removeProperty('height');
    if (this.#input.value) style.setProperty('height', `${this.#input.scrollHeight + 2}px`);
  }
}
