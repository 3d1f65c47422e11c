const REQUEST_MS = 20_000;
const POLL_SECONDS = 25;
const TOO_FAST = 429;
const LONGEST_PAUSE_MS = 15_000;

/** The chat API. Every failure is an ApiError; status 0 means that nothing came back. */
class ApiError extends Error {
  constructor(status, retryAfter = 0) {
    super(`status ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export class Api {
  token = null;
  #base;

  constructor(base) {
    this.#base = base;
  }

  open = (details, signal) => this.#call('POST', 'conversations', { body: details, signal });
  send = (body, signal) => this.#call('POST', 'messages', { body, signal });
  plan = (signal) => this.#call('GET', 'plan', { signal });
  erase = () => this.#call('DELETE', 'conversations');

  messages(after, wait, signal) {
    const path = `messages?after=${after}&wait=${wait}`;
    return this.#call('GET', path, { signal, ms: REQUEST_MS + wait * 1000 });
  }

  async #call(method, path, { body, signal, ms = REQUEST_MS } = {}) {
    const limit = new AbortController();
    const abort = () => limit.abort();
    const timer = setTimeout(abort, ms);
    signal?.addEventListener('abort', abort);
    try {
      return await this.#fetch(method, path, body, limit.signal);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  async #fetch(method, path, body, signal) {
    const response = await fetch(`${this.#base}/api/${path}`, {
      method,
      headers: this.#headers(body),
      body: body && JSON.stringify(body),
      signal,
      cache: 'no-store', // no words on this device
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    }).catch(() => { throw new ApiError(0); });
    if (response.status === 204) return null;
    const said = await response.json().catch(() => null);
    if (said?.kept === false) return said; // an answer, though nothing could be kept
    if (!response.ok) throw new ApiError(response.status, Number(response.headers.get('Retry-After')) || 0);
    if (!said) throw new ApiError(0);
    return said;
  }

  #headers(body) {
    return {
      ...(body && { 'Content-Type': 'application/json' }),
      ...(this.token && { Authorization: `Bearer ${this.token}` }),
    };
  }
}

/** A key that makes a repeated request harmless. randomUUID would be missing on plain-http pages. */
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

function pause(ms, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}

/** One chat with the server: sends in order, each message exactly once, and tells `on` what comes. */
export class Conversation {
  #api;
  #on;
  #stop = new AbortController();
  #queue = [];
  #unmatched = []; // shown already, not yet seen among the server's messages
  #lastId = 0;
  #lastOwn = 0;
  #lastAnswer = 0;
  #troubled = false;

  constructor(api, on) {
    this.#api = api;
    this.#on = on;
  }

  async start(token, details) {
    this.#api.token = token;
    try {
      if (!token) await this.#open(details);
      await this.#listen();
    } catch (error) {
      this.#fail(error);
    }
  }

  stop() {
    this.#stop.abort();
  }

  /** `body` is {text} or {payload}; `shown` is what stands in the chat for it. */
  send(body, shown) {
    const entry = { body, shown, key: newKey(), id: null };
    this.#unmatched.push(entry);
    this.#queue.push(entry);
    this.#on.sending(entry);
    this.#think();
    if (this.#queue.length === 1) this.#drain();
  }

  async #open(details) {
    const opened = await this.#persist(() => this.#api.open(details, this.#stop.signal));
    this.#api.token = opened.token;
    this.#on.started(opened.token);
    this.#take(opened.messages);
  }

  async #listen() {
    let wait = 0;
    while (!this.#stop.signal.aborted) {
      const heard = await this.#persist(() => {
        const seconds = this.#troubled ? 0 : wait; // so that "no connection" goes as soon as it is untrue
        return this.#api.messages(this.#lastId, seconds, this.#stop.signal);
      });
      this.#take(heard.messages);
      wait = POLL_SECONDS;
    }
  }

  async #drain() {
    while (this.#queue.length && !this.#stop.signal.aborted) {
      const entry = this.#queue[0];
      try {
        const body = { ...entry.body, key: entry.key };
        const send = () => this.#api.send(body, this.#stop.signal);
        const { id, messages } = await this.#persist(send, (error) => error.passing && error.status !== TOO_FAST);
        entry.id = id;
        if (messages) this.#drop(entry, () => this.#on.unkept(entry, messages));
        else this.#lastOwn = Math.max(this.#lastOwn, id);
      } catch (error) {
        this.#refuse(entry, error);
      }
      this.#queue.shift();
      this.#think();
    }
  }

  #refuse(entry, error) {
    this.#drop(entry, () => {
      if (error.status === 401) this.#fail(error);
      else this.#on.refused(entry, error.status);
    });
  }

  #drop(entry, tell) {
    this.#unmatched = this.#unmatched.filter((other) => other !== entry);
    if (!this.#stop.signal.aborted) tell();
  }

  /** Tries until it works, is refused for good, or the conversation stops. */
  async #persist(request, mayTryAgain = (error) => error.passing) {
    for (let failures = 0; ; failures += 1) {
      try {
        const result = await request();
        this.#trouble(false);
        return result;
      } catch (error) {
        if (!(error instanceof ApiError) || !mayTryAgain(error) || this.#stop.signal.aborted) throw error;
        if (error.status !== TOO_FAST) this.#trouble(true);
        const backOff = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** failures) * (0.75 + Math.random() / 2);
        await pause(Math.max(error.retryAfter * 1000, backOff), this.#stop.signal);
      }
    }
  }

  #trouble(isOn) {
    this.#troubled = isOn;
    this.#on.trouble(isOn);
  }

  #fail(error) {
    if (this.#stop.signal.aborted) return;
    this.stop();
    if (error.status === 401) this.#on.ended();
    else this.#on.refused(null, error.status);
  }

  #take(messages) {
    const fresh = messages.filter((message) => message.id > this.#lastId);
    if (this.#stop.signal.aborted || !fresh.length) return;
    let unseen = [];
    for (const message of fresh) {
      this.#count(message);
      const entry = this.#match(message);
      if (!entry) unseen.push(message);
      else {
        this.#on.messages(unseen);
        this.#on.sent(entry, message);
        unseen = [];
      }
    }
    this.#on.messages(unseen);
    this.#think();
  }

  #count(message) {
    this.#lastId = message.id;
    if (message.from === 'you') this.#lastOwn = Math.max(this.#lastOwn, message.id);
    else this.#lastAnswer = message.id;
  }

  /** Messages are sent one by one, so an own message that comes back belongs to the oldest unmatched one. */
  #match(message) {
    const entry = this.#unmatched[0];
    if (message.from !== 'you' || !entry) return null;
    const same = entry.id ? entry.id === message.id : entry.body.payload || entry.shown === message.text;
    return same ? this.#unmatched.shift() : null;
  }

  #think() {
    this.#on.thinking(this.#queue.length > 0 || this.#lastOwn > this.#lastAnswer);
  }
}
