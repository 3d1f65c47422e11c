/**
 * Leaving at once: the behaviour that GOV.UK published as "Exit this page".
 *
 * The link is a plain link until this runs. Then a click, or Shift pressed three times, covers the page,
 * empties the tab and puts the exit page in this page's place in the history.
 */
import { h, restyle } from './dom.js';

const PRESSES = 3;
const PRESS_MS = 5000;

/** What this tab keeps until it closes: the token, for a reload, and whether the page was left. */
const TOKEN = 'n';
const LEFT = 'l';

function attempt(action) {
  try {
    return action(window.sessionStorage);
  } catch {
    return null; // storage is forbidden in this browser: the chat works, a reload starts anew
  }
}

const read = (key) => attempt((storage) => storage.getItem(key));
const write = (key, value) => attempt((storage) => storage.setItem(key, value));
const forget = (key) => attempt((storage) => storage.removeItem(key));

export const session = {
  token: () => read(TOKEN),
  keep: (token) => write(TOKEN, token),
  leave: () => write(LEFT, '1'),
  clear() {
    forget(TOKEN);
    forget(LEFT);
  },
};

/**
 * True once after somebody left this page and came back with the Back button: then the chat must not show.
 * A reload, and a tab that a small phone threw out of memory, go on where they were.
 */
export function cameBack() {
  const left = read(LEFT) !== null;
  forget(LEFT);
  return left && performance.getEntriesByType('navigation')[0]?.type === 'back_forward';
}

/** The next page may be slow to come. */
function cover(words) {
  const overlay = h('div', { role: 'alert' });
  restyle(overlay, { position: 'fixed', inset: 0, 'z-index': 2147483647, background: 'Canvas', color: 'Canvas' });
  document.body.replaceChildren(overlay);
  overlay.textContent = words;
}

function sendNoReferrer() {
  document.head.append(h('meta', { name: 'referrer', content: 'no-referrer' }));
}

/** Calls `press` for each Shift pressed by itself; a capital letter or a Shift-click is not one. */
function onLoneShift(press, other, signal) {
  let alone = false;
  const spoil = () => { alone = false; };
  const down = (event) => {
    if (event.key === 'Shift') alone = alone || !event.repeat;
    else {
      spoil();
      other();
    }
  };
  const up = (event) => {
    if (event.key === 'Shift' && alone) press();
    if (event.key === 'Shift') spoil();
  };
  window.addEventListener('keydown', down, { capture: true, signal });
  window.addEventListener('keyup', up, { capture: true, signal });
  window.addEventListener('pointerdown', spoil, { capture: true, signal });
}

/** `say(key, count)` speaks a text and returns it; `wipe()` empties what the tab holds. */
export class Exit {
  #options;
  #presses = 0;
  #timer = null;

  constructor(options) {
    this.#options = options;
    onLoneShift(() => this.#press(), () => this.#reset(), options.signal);
  }

  attach(element) {
    element.addEventListener('click', (event) => {
      event.preventDefault();
      this.leave();
    }, { signal: this.#options.signal });
  }

  leave() {
    const { link, say, wipe } = this.#options;
    const url = link().href;
    cover(say('exit_leaving'));
    wipe();
    sendNoReferrer();
    window.addEventListener('pageshow', () => window.location.reload());
    window.location.replace(url);
  }

  #press() {
    this.#presses += 1;
    this.#show();
    clearTimeout(this.#timer);
    if (this.#presses >= PRESSES) {
      this.leave();
      return;
    }
    this.#options.say('exit_presses', PRESSES - this.#presses);
    this.#timer = setTimeout(() => this.#expire(), PRESS_MS);
  }

  #expire() {
    this.#reset();
    this.#options.say('exit_expired'); // what was said before is no longer true
  }

  #reset() {
    if (!this.#presses) return;
    clearTimeout(this.#timer);
    this.#presses = 0;
    this.#show();
  }

  #show() {
    this.#options.dots.dataset.presses = this.#presses;
  }
}
