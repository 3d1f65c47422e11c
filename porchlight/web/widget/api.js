/** The chat API. Every failure is an ApiError; status 0 means that nothing came back. */
export class ApiError extends Error {
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

const REQUEST_MS = 20_000;

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
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    }).catch(() => { throw new ApiError(0); });
    if (!response.ok) throw new ApiError(response.status, Number(response.headers.get('Retry-After')) || 0);
    if (response.status === 204) return null;
    return response.json().catch(() => { throw new ApiError(0); });
  }

  #headers(body) {
    return {
      ...(body && { 'Content-Type': 'application/json' }),
      ...(this.token && { Authorization: `Bearer ${this.token}` }),
    };
  }
}

/** A key that makes a repeated request harmless. randomUUID would be missing on plain-http pages. */
export const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join('-');
