/**
 * What this tab keeps: the token of the chat, so that a reload goes on, and whether the page was left.
 * Gone when the tab closes. The keys say nothing about what the page is.
 */
const TOKEN = 'n';
const LEFT = 'l';
const memory = new Map();

function attempt(action, otherwise) {
  try {
    return action(window.sessionStorage);
  } catch {
    return otherwise(); // storage is forbidden in this browser: the chat works, a reload starts anew
  }
}

const read = (key) => attempt((s) => s.getItem(key), () => memory.get(key) ?? null);
const write = (key, value) => attempt((s) => s.setItem(key, value), () => memory.set(key, value));
const forget = (key) => attempt((s) => s.removeItem(key), () => memory.delete(key));

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
