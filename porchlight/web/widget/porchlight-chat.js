/**
 * <porchlight-chat>: the chat and the plan, for our own page and for any other site.
 *
 * Attributes: language (en, es), role (youth, caregiver, looking), exit-url, server (the default is where this
 * file came from), full-page (the element fills the window). A link in slot "exit" replaces the inner one.
 */
import { Api, Conversation } from './conversation.js';
import { followWindow, h, shell } from './dom.js';
import { Exit, cameBack, session } from './exit.js';
import { Plan, dropPaper, printPlan } from './plan.js';
import { Composer, Messages } from './talk.js';

const HERE = new URL('.', import.meta.url);
const SWITCH = { en: '/speak_spanish', es: '/speak_english' };
const REFUSALS = { 413: 'too_long', 429: 'too_fast' };
const TEXTS_RETRY_MS = 3000;

export class PorchlightChat extends HTMLElement {
  #gone = new AbortController();
  #shell = shell();
  #conversation = null;
  #texts = null;
  #language = 'en';
  #role;
  #api;
  #messages;
  #plan;
  #composer;

  constructor() {
    super();
    const { talk, plan } = this.#shell;
    this.#messages = new Messages(talk.log, talk.more, (...choice) => this.#choose(...choice));
    this.#plan = new Plan(plan.list, (...choice) => this.#choose(...choice));
    this.#composer = new Composer(talk.form, talk.input, (text) => this.#send({ text }, text));
  }

  connectedCallback() {
    if (this.shadowRoot) return;
    this.#language = this.getAttribute('language') === 'es' ? 'es' : 'en';
    this.#role = this.getAttribute('role');
    this.removeAttribute('role'); // to a screen reader "role" would mean something else
    const server = (this.getAttribute('server') ?? new URL('..', HERE).href).replace(/\/$/, '');
    this.#api = new Api(server);
    this.#messages.server = server;
    this.#show(server);
    this.#prepareExit();
    if (this.hasAttribute('full-page')) followWindow(this, this.#gone.signal);
    if (cameBack()) session.clear();
    this.#load(server);
  }

  disconnectedCallback() {
    this.#gone.abort();
    this.#conversation?.stop();
  }

  #show(server) {
    const root = this.attachShadow({ mode: 'open' });
    const { app } = this.#shell;
    const sheet = h('link', { rel: 'stylesheet', href: `${server}/widget/porchlight-chat.css` });
    app.hidden = true;
    for (const event of ['load', 'error']) sheet.addEventListener(event, () => { app.hidden = false; });
    root.append(sheet, app);
  }

  async #load(server) {
    try {
      const response = await fetch(`${server}/widget/texts.json`, { credentials: 'omit' });
      this.#texts = await response.json();
      if (!this.hasAttribute('exit-url')) this.#shell.bar.exit.href = this.#texts.exit_url;
    } catch {
      setTimeout(() => this.isConnected && this.#load(server), TEXTS_RETRY_MS);
      return;
    }
    this.#speak(this.#language);
    this.#listen();
    this.#start(session.token());
  }

  get #t() {
    return this.#texts[this.#language];
  }

  #speak(language) {
    const { app, labels, bar } = this.#shell;
    this.#language = language;
    app.lang = language;
    bar.language.lang = language === 'en' ? 'es' : 'en';
    labels.fill(this.#t);
    for (const link of this.#exitLinks()) link.textContent = this.#t.exit;
    if (this.hasAttribute('full-page')) document.documentElement.lang = language;
    if (this.#plan.current) this.#plan.draw(this.#plan.current, this.#t);
  }

  #exitLinks() {
    return this.#shell.bar.slot.assignedElements({ flatten: true }).filter((element) => element.href);
  }

  #prepareExit() {
    const { bar } = this.#shell;
    bar.exit.href = this.getAttribute('exit-url') ?? 'https://www.weather.gov/';
    const exit = new Exit({
      link: () => this.#exitLinks()[0] ?? bar.exit,
      dots: bar.dots,
      say: (key, count) => this.#say(key, count),
      wipe: () => this.#wipe(),
      signal: this.#gone.signal,
    });
    exit.attach(bar.slot); // whichever link is in it
    window.addEventListener('pagehide', () => this.#hide(), { signal: this.#gone.signal });
    window.addEventListener('pageshow', (event) => event.persisted && this.#restart(), { signal: this.#gone.signal });
  }

  #say(key, count) {
    const text = (this.#texts?.[this.#language][key] ?? '').replace('{count}', count);
    this.#shell.voice.textContent = text;
    return text;
  }

  #wipe() {
    session.clear();
    this.#empty();
  }

  /** A page that is kept for the Back button must not hold the chat. The token stays for a reload. */
  #hide() {
    session.leave();
    this.#empty();
  }

  #empty() {
    this.#conversation?.stop();
    this.#messages.empty();
    this.#plan.empty();
    this.#composer.clear();
    this.#count();
    dropPaper();
  }

  #start(token) {
    const details = { language: this.#language, ...(this.#role && { role: this.#role }) };
    this.#conversation = new Conversation(this.#api, {
      started: (fresh) => session.keep(fresh),
      messages: (messages) => this.#take(messages),
      sending: (entry) => this.#messages.addOwn(entry, this.#language, this.#t),
      sent: (entry, message) => this.#messages.settle(entry, message),
      refused: (entry, status) => this.#refuse(entry, status),
      unkept: (entry, messages) => {
        this.#giveBack(entry);
        this.#messages.add(messages, this.#texts);
      },
      trouble: (isOn) => this.#connection(isOn),
      thinking: (isOn) => { this.#shell.talk.typing.hidden = !isOn; },
      ended: () => this.#end('expired'),
    });
    this.#conversation.start(token, details);
  }

  #restart() {
    const { talk } = this.#shell;
    this.#wipe();
    this.#notice(null);
    talk.again.hidden = true;
    this.#composer.open = true;
    this.#shell.app.classList.remove('over');
    this.#start(null);
  }

  #take(messages) {
    if (!messages.length) return;
    const newest = messages.filter((message) => message.from !== 'you').at(-1);
    if (newest && newest.lang !== this.#language) this.#speak(newest.lang);
    this.#messages.add(messages, this.#texts);
    if (newest) this.#refreshPlan();
  }

  #refuse(entry, status) {
    this.#notice(this.#t[REFUSALS[status] ?? 'error']);
    if (entry) this.#giveBack(entry);
    else this.#shell.talk.again.hidden = false;
  }

  #giveBack(entry) {
    this.#messages.withdraw(entry);
    if (entry.body.text) this.#composer.giveBack(entry.body.text);
  }

  async #refreshPlan() {
    const conversation = this.#conversation;
    const plan = await this.#api.plan().catch(() => null); // the next message brings another chance
    if (!plan || conversation !== this.#conversation || this.#shell.app.classList.contains('over')) return;
    this.#plan.draw(plan, this.#t);
    this.#count();
  }

  #count() {
    this.#shell.bar.count.textContent = this.#plan.size || '';
  }

  #end(key) {
    const { talk, app } = this.#shell;
    this.#wipe();
    app.classList.add('over');
    this.#fold(false);
    talk.typing.hidden = true;
    this.#composer.open = false;
    talk.again.hidden = false;
    this.#notice(this.#t[key]);
    talk.again.focus();
  }

  async #erase() {
    try {
      await this.#api.erase();
      this.#end('erased');
    } catch (error) {
      if (error.status === 401) this.#end('expired');
      else this.#notice(this.#t.error);
    }
    this.#ask(false);
  }

  #listen() {
    const { bar, talk, plan } = this.#shell;
    const on = (element, event, act) => element.addEventListener(event, act);
    on(bar.skip, 'click', () => { this.#fold(false); this.#composer.focus(); });
    on(bar.language, 'click', (event) => this.#choose(SWITCH[this.#language], this.#t.language_other, event));
    on(bar.toggle, 'click', () => this.#fold(!this.#shell.app.classList.contains('planning')));
    on(talk.again, 'click', () => { this.#restart(); this.#composer.focus(); });
    on(plan.print, 'click', () => this.#print());
    on(plan.erase, 'click', () => this.#ask(true));
    on(plan.no, 'click', () => this.#ask(false));
    on(plan.yes, 'click', () => this.#erase());
  }

  #send(body, shown) {
    this.#notice(null);
    this.#conversation.send(body, shown);
  }

  /** A pressed button. Two of them need no answer from the bot: they are done here. */
  #choose(payload, title, event) {
    if (payload === '/print_plan') this.#print();
    else if (payload === '/confirm_erase') this.#erase();
    else {
      this.#fold(false);
      this.#send({ payload }, title);
      this.#settleFocus(event);
    }
  }

  /** The pressed button may be gone: go on in the input, but do not open the keyboard of a phone. */
  #settleFocus(event) {
    const byKeyboard = event.detail === 0;
    if (byKeyboard || matchMedia('(pointer: fine)').matches) this.#composer.focus();
    else this.#shell.talk.log.focus({ preventScroll: true });
  }

  #fold(open) {
    const { app, bar, plan } = this.#shell;
    app.classList.toggle('planning', open);
    bar.toggle.setAttribute('aria-expanded', String(open));
    if (open) plan.element.focus();
  }

  #print() {
    if (this.#plan.current) printPlan(this.#plan.current, this.#t);
  }

  #ask(open) {
    const { sure, erase } = this.#shell.plan;
    sure.hidden = !open;
    if (open) sure.focus();
    else if (!this.#shell.app.classList.contains('over')) erase.focus();
  }

  #connection(isLost) {
    if (isLost) this.#notice(this.#t.offline);
    else if (this.#shell.talk.notice.textContent === this.#t.offline) this.#notice(null);
  }

  #notice(text) {
    this.#shell.talk.notice.textContent = text;
  }
}

customElements.define('porchlight-chat', PorchlightChat);
