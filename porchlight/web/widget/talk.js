import { h, spoken } from './dom.js';

const AT_END_PX = 64;
const SAFE_LINK = /^(tel:|sms:|mailto:|https:\/\/)/;
const OUR_PAGE = /^\/services\//;
const NEW_TAB = { target: '_blank', rel: 'noopener noreferrer nofollow' };

/** "988" does not say what to do with it; "Text HOME to 741741" does, in either language. */
const saysWhatToDo = ({ kind, value }) => kind === 'text' && /\p{L}/u.test(value);

/** The label is exactly what is dialled, with what will happen before it. */
function wayLink(way, texts) {
  const { kind, value, href } = way;
  if (!SAFE_LINK.test(href)) return h('span', { class: 'way' }, value);
  const verb = !saysWhatToDo(way) && h('span', {}, `${texts[kind]} `);
  return h('a', { class: 'way', href, ...(href.startsWith('https:') && NEW_TAB) }, verb, h('b', {}, value));
}

/** What else there is to know, folded away so that the ways of all cards are seen at once. */
function about({ name, facts, page }, texts, server) {
  const print = OUR_PAGE.test(page)
    && h('a', { class: 'page', href: `${server}${page}`, ...NEW_TAB }, texts.card_page, spoken(`: ${name}`));
  return (facts.length > 0 || print) && h('details', {},
    h('summary', {}, texts.card_more, spoken(`: ${name}`)),
    ...facts.map((fact) => h('p', {}, fact)),
    print);
}

/** The messages, those on their way last. `choose(payload, title, event)` hears of a pressed button. */
export class Messages {
  #log;
  #more;
  #choose;
  #restedAt = -1;
  #stuck = true;
  server = ''; // the address that the pages of cards stand under

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
      message.contacts.length > 0
        && h('ul', { class: 'cards' }, ...message.contacts.map((card) => this.#card(card, texts))),
      message.buttons.length > 0
        && h('div', { class: 'choices' }, ...message.buttons.map((button) => this.#button(button, button.title))));
  }

  #card(card, texts) {
    const { name, why, ways, hours, add } = card;
    const wish = { title: `${texts.card_add}: ${name}`, payload: add };
    return h('li', { class: 'card' },
      h('p', { class: 'who' }, name),
      why && h('p', {}, why),
      h('p', { class: 'ways' }, ...ways.map((way) =>
        h('span', {}, wayLink(way, texts), way.note && h('small', {}, way.note)))),
      hours && h('p', {}, hours),
      h('div', { class: 'acts' },
        about(card, texts, this.server),
        add && this.#button(wish, texts.card_add, spoken(`: ${name}`))));
  }

  #button({ title, payload }, ...label) {
    return h('button', { type: 'button', onclick: (event) => this.#choose(payload, title, event) }, ...label);
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
    this.#rest(message.offsetTop - 8);
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
