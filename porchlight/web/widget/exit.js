/**
 * Leaving at once: the behaviour that GOV.UK published as "Exit this page".
 *
 * The link is a plain link until this runs. Then a click, or Shift pressed three times, covers the page,
 * empties the tab and puts the exit page in this page's place in the history.
 */
import { h, restyle } from './dom.js';

const PRESSES = 3;
const PRESS_MS = 5000;

/** Covers the page before anything else happens: the next page may be slow to come. */
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

/**
 * `link()` is the exit link now shown, `dots` shows the presses, `say(key, count)` speaks and returns a text,
 * `wipe()` empties what the tab holds. Ends with `signal`.
 */
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
