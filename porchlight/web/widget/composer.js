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

  /** A message that was refused comes back to be mended, unless the next one is already being written. */
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
