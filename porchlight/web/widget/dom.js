/** An element, built from text nodes only: nothing a person wrote is parsed as HTML. Empty children are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

/** Sets styles one by one: a style attribute would be refused by our content security policy. */
export function restyle(element, styles) {
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value);
}

export const spoken = (text = '') => h('span', { class: 'spoken' }, text);

/** Labels that follow the language: each is bound once to a key and filled in again on a switch. */
export class Labels {
  #bound = [];

  bind(element, key, attribute = null) {
    this.#bound.push([element, key, attribute]);
    return element;
  }

  button(name, key, props = {}) {
    return this.bind(h('button', { type: 'button', class: name, ...props }), key);
  }

  fill(texts) {
    for (const [element, key, attribute] of this.#bound) {
      if (attribute) element.setAttribute(attribute, texts[key]);
      else element.textContent = texts[key];
    }
  }
}

/** The fixed parts of the widget: made once, labelled again when the language changes. */
function bar(labels) {
  const exit = labels.bind(h('a', { class: 'exit', rel: 'nofollow noreferrer' }), 'exit');
  const slot = h('slot', { name: 'exit' }, exit); // a link that the page brings works before scripts load
  const dots = h('span', { class: 'dots', 'aria-hidden': 'true', 'data-presses': '0' }, h('i'), h('i'), h('i'));
  const skip = labels.button('skip', 'skip_to_input');
  const language = labels.button('plain language', 'language_other');
  const count = h('span', { class: 'count' });
  const toggle = h('button', {
    type: 'button', class: 'plain toggle', 'aria-expanded': 'false', 'aria-controls': 'plan',
  }, labels.bind(h('span'), 'plan_title'), count);
  const element = h('div', { class: 'bar' }, h('span', { class: 'leave' }, slot, dots), skip, toggle, language);
  return { element, exit, slot, dots, skip, language, toggle, count };
}

function composer(labels) {
  const input = h('textarea', {
    rows: '1', autocomplete: 'off', enterkeyhint: 'send',
    spellcheck: 'false', writingsuggestions: 'false', // some browsers send what is checked to their maker
  });
  labels.bind(input, 'input_label', 'aria-label');
  labels.bind(input, 'placeholder', 'placeholder');
  const send = labels.button('strong send', 'send', { type: 'submit' });
  return { element: h('form', { class: 'composer' }, input, send), input };
}

function talk(labels) {
  const log = h('div', { class: 'log', role: 'log', tabindex: '0' });
  labels.bind(log, 'title_hidden', 'aria-label');
  const more = labels.button('more', 'new_messages', { hidden: true });
  const typing = h('p', { class: 'typing', hidden: true }, labels.bind(spoken(), 'typing'), h('i'), h('i'), h('i'));
  const notice = h('p', { class: 'notice', role: 'status' });
  const again = labels.button('strong again', 'start_again', { hidden: true });
  const form = composer(labels);
  const element = h('section', { class: 'talk' }, log, more, typing, notice, again, form.element);
  labels.bind(element, 'title_hidden', 'aria-label');
  return { element, log, more, typing, notice, again, form: form.element, input: form.input };
}

function plan(labels) {
  const list = h('div', { class: 'list' });
  const print = labels.button('print', 'print');
  const erase = labels.button('erase', 'erase');
  const yes = labels.button('strong yes', 'erase_yes');
  const no = labels.button('no', 'erase_no');
  const sure = h('div', { class: 'sure', role: 'group', tabindex: '-1', 'aria-labelledby': 'sure', hidden: true },
    labels.bind(h('p', { id: 'sure' }), 'erase_confirm'), h('p', { class: 'acts' }, yes, no));
  const element = h('section', { class: 'plan', id: 'plan', tabindex: '-1' },
    labels.bind(h('h2'), 'plan_title'), labels.bind(h('p', { class: 'quiet private' }), 'plan_private'), list,
    h('p', { class: 'acts tools' }, print, erase), sure, labels.bind(h('p', { class: 'quiet help' }), 'exit_help'));
  labels.bind(element, 'plan_title', 'aria-label');
  return { element, list, print, erase, sure, yes, no };
}

export function shell() {
  const labels = new Labels();
  const parts = { bar: bar(labels), talk: talk(labels), plan: plan(labels) };
  const voice = h('p', { class: 'spoken', 'aria-live': 'assertive' });
  const app = h('div', { class: 'app' }, parts.bar.element, parts.talk.element, parts.plan.element, voice);
  return { ...parts, labels, voice, app };
}

/**
 * Keeps a full-page widget inside the part of the window that can be seen.
 * Where the phone keyboard covers the page instead of shrinking it, the exit link would else scroll away.
 */
export function followWindow(element, signal) {
  const seen = window.visualViewport;
  if (!seen) return;
  const follow = () => {
    if (seen.scale > 1.01) return; // zoomed in by hand: leave the page alone
    restyle(element, { '--height': `${seen.height}px`, '--top': `${seen.offsetTop}px` });
  };
  for (const event of ['resize', 'scroll']) seen.addEventListener(event, follow, { signal });
}
