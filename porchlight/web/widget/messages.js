import { h, spoken } from './dom.js';

const AT_END_PX = 64;
const SAFE_LINK = /^(tel:|sms:|https:\/\/)/;
const OPENS_A_PAGE = new Set(['chat', 'web']);

/** Contacts of one helper stand on one card: call, text and chat side by side. */
function byName(contacts) {
  const cards = new Map();
  for (const contact of contacts) cards.set(contact.name, [...(cards.get(contact.name) ?? []), contact]);
  return [...cards];
}

/** "988" alone does not say what to do with it; "Text HOME to 741741" does, and so does its translation. */
const saysWhatToDo = ({ kind, value }) => kind === 'text' && /\p{L}/u.test(value);

/** The label is exactly what is dialled, with what will happen before it. */
function contactLink(contact, texts) {
  const { kind, value, href } = contact;
  if (!SAFE_LINK.test(href ?? '')) return h('span', { class: 'way' }, value);
  const page = OPENS_A_PAGE.has(kind) && { target: '_blank', rel: 'noopener noreferrer nofollow' };
  const verb = saysWhatToDo(contact) ? null : h('span', {}, `${texts[kind]} `);
  return h('a', { class: 'way', href, ...page }, verb, h('b', {}, value));
}

/** One line when all ways are open at the same hours, else one for each way. */
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

/** The list of messages. `choose(payload, title, event)` is called when somebody presses a button of the bot. */
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
    new ResizeObserver(() => { if (this.#stuck) this.toEnd(); }).observe(log); // a keyboard or a notice came up
    more.addEventListener('click', () => this.toEnd());
  }

  /** Draws messages that came together, before own words that are still on their way. */
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

  /** Own words are shown at once, before the server has them. */
  addOwn(entry, lang, texts) {
    entry.element = this.#draw({ from: 'you', text: entry.shown, lang, buttons: [], contacts: [] }, texts);
    entry.element.classList.add('pending');
    this.#log.append(entry.element);
    this.#refresh();
    this.toEnd();
  }

  /** The server has them now, in this place among the others. */
  settle(entry, message) {
    entry.element.classList.remove('pending');
    entry.element.lang = message.lang;
    if (this.#log.querySelector('.pending')) this.#place([entry.element]);
  }

  /** The message did not go out after all. */
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
    return h('div', { class: `message ${message.from}`, lang: message.lang },
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

  /** At the end, or where the last message put the view: nobody has scrolled away to read. */
  #atEnd() {
    return this.#nearEnd() || Math.abs(this.#log.scrollTop - this.#restedAt) < 2;
  }
}
