import { h, restyle, spoken } from './dom.js';

const NEUTRAL_TITLE = 'Notes';
const DIALABLE = /^\+?[\d\s().-]{3,}$/;

/** A link only when the whole text can be dialled: the label must be what is called. */
function phone(text) {
  if (!DIALABLE.test(text)) return h('span', { class: 'phone' }, text);
  return h('a', { class: 'phone', href: `tel:${text.replace(/[^\d+]/g, '')}` }, text);
}

function relationship({ name, relationship: relation }) {
  // "Aunt Rosa" says already that she is the aunt
  return relation && !name.toLowerCase().includes(relation.toLowerCase()) ? relation : null;
}

/** The plan beside the chat. `ask(payload, title, event)` sends a wish into the chat. */
export class Plan {
  #root;
  #ask;
  #drawn = '';
  #known = null;
  current = null;

  constructor(root, ask) {
    this.#root = root;
    this.#ask = ask;
  }

  get size() {
    return this.current ? this.current.sections.reduce((sum, section) => sum + section.items.length, 0) : 0;
  }

  draw(plan, texts) {
    const now = JSON.stringify([plan, texts.change]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    this.current = plan;
    const focused = this.#root.getRootNode().activeElement?.dataset.key;
    this.#root.replaceChildren(
      ...(this.size ? [] : [h('p', { class: 'quiet' }, texts.plan_empty)]),
      ...plan.sections.map((section) => this.#section(section, texts)));
    if (focused) this.#root.querySelector(`[data-key="${focused}"]`)?.focus();
    this.#known = new Set(plan.sections.flatMap((section) => section.items.map((item) => item.id)));
  }

  empty() {
    this.#root.replaceChildren();
    this.#drawn = '';
    this.#known = null;
    this.current = null;
  }

  #section({ title, status, items }, texts) {
    return h('section', { class: 'section' },
      h('h3', {}, title),
      status === 'skipped' && !items.length && h('p', { class: 'quiet' }, texts.skipped),
      items.length > 0 && h('ul', {}, ...items.map((item) => this.#item(item, texts))));
  }

  #item(item, texts) {
    const relation = relationship(item);
    const isNew = this.#known && !this.#known.has(item.id);
    return h('li', { class: isNew ? 'item new' : 'item' },
      h('div', { class: 'what' },
        h('p', { class: 'name' }, DIALABLE.test(item.name) ? phone(item.name) : item.name),
        relation && h('p', { class: 'quiet' }, relation),
        item.phone && h('p', {}, phone(item.phone)),
        item.note && h('p', { class: 'note' }, item.note)),
      h('p', { class: 'acts' },
        this.#act('change', item, texts.change), this.#act('remove', item, texts.remove)));
  }

  #act(verb, item, label) {
    const payload = `/${verb}_item{"item": ${item.id}}`;
    const said = `${label}: ${item.name}`;
    return h('button', {
      type: 'button', class: 'plain', 'data-key': `${verb}-${item.id}`,
      onclick: (event) => this.#ask(payload, said, event),
    }, label, spoken(`: ${item.name}`));
  }
}

/** The plan on paper: headings, names and numbers, nothing that says where it came from. */
function lines(plan, texts) {
  const line = (item) => [item.name, relationship(item), item.phone, item.note].filter(Boolean).join(' · ');
  return [
    h('h1', {}, texts.print_title),
    ...plan.sections.filter((section) => section.items.length).flatMap((section) => [
      h('h2', {}, section.title),
      h('ul', {}, ...section.items.map((item) => h('li', {}, line(item)))),
    ]),
  ];
}

let frame = null;

/** Prints from a hidden frame, so that a page around the widget is not printed with it. */
export function printPlan(plan, texts) {
  dropPaper();
  frame = h('iframe', { 'aria-hidden': 'true', tabindex: '-1' });
  restyle(frame, { position: 'fixed', bottom: 0, width: 0, height: 0, border: 0 });
  frame.addEventListener('load', () => fill(plan, texts), { once: true });
  document.body.append(frame);
}

function fill(plan, texts) {
  const paper = frame.contentDocument;
  paper.documentElement.lang = plan.language;
  paper.title = NEUTRAL_TITLE;
  restyle(paper.body, { font: '14pt/1.5 system-ui, sans-serif' });
  paper.body.append(...lines(plan, texts));
  frame.contentWindow.addEventListener('afterprint', dropPaper);
  frame.contentWindow.print();
}

export function dropPaper() {
  frame?.remove();
  frame = null;
}
