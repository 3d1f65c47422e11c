/** Elements are built from text nodes only: nothing a person wrote is ever parsed as HTML. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets styles one by one: a style attribute would be refused by our content security policy. */
export function restyle(element, styles) {
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value);
}

/** A text that is spoken but not seen. */
export const spoken = (text) => h('span', { class: 'spoken' }, text);

/** Labels that follow the language: each is bound once to a key and filled in again on a switch. */
export class Labels {
  #bound = [];

  bind(element, key, attribute = null) {
    this.#bound.push({ element, key, attribute });
    return element;
  }

  fill(texts) {
    for (const { element, key, attribute } of this.#bound) {
      if (attribute) element.setAttribute(attribute, texts[key]);
      else element.textContent = texts[key];
    }
  }
}
