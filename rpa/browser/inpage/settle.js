// Waiting for what an entry set off: requests, timers, a page that goes away.

/** Timers longer than this are no answer to an entry: sessions that run out, reminders. */
const PROMPT_MS = 1000;

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((done) => { nativeTimeout(done, milliseconds); });
}

const nativeTimeout = window.setTimeout.bind(window);

/** Let the event loop turn once. Timers would do, but browsers stretch nested ones to 4 ms. */
function turn() {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); done(undefined); };
    port2.postMessage(null);
  });
}

/**
 * The page's work that began while this watches: short timers that an entry set (`pending`) and `requests`;
 * `stop` puts everything back.
 */
class Watch {
  constructor() {
    this.pending = 0;
    this.requests = 0;
    this.leaving = false;
    this.acting = false;
    this.leave = () => { this.leaving = true; };
    this.undo = [watchTimers(this), watchRequests(this), watchFetches(this)];
    addEventListener('beforeunload', this.leave);
  }

  stop() {
    for (const undo of this.undo) undo();
    removeEventListener('beforeunload', this.leave);
  }

  /**
   * Do what a person would do; the timers that the page starts meanwhile are its answer.
   * @template T
   * @param {() => T} act
   * @returns {T}
   */
  during(act) {
    this.acting = true;
    try {
      return act();
    } finally {
      this.acting = false;
    }
  }

  /**
   * Return once the page has finished what it began. A page that goes away is waited for: this script dies
   * with it, and whoever called it goes on in the next one.
   * Quiet is two turns of the event loop in a row with nothing to wait for: measured, a `form.submit()` is known
   * one turn after the script that called it.
   * @param {number} until
   */
  async rest(until) {
    for (let quiet = 0; quiet < 2; quiet += 1) {
      await turn();
      if (!this.isBusy()) continue;
      if (performance.now() >= until) return;
      await pause(2);
      quiet = -1;
    }
  }

  isBusy() {
    return this.pending > 0 || this.requests > 0 || this.leaving;
  }
}

/** @param {Watch} watch */
function watchTimers(watch) {
  const { setTimeout: begin, clearTimeout: end } = window;
  const open = Object.create(null);
  const close = (/** @type {number | undefined} */ id) => {
    if (id === undefined) return;
    if (open[id]) watch.pending -= 1;
    delete open[id];
  };
  /** @param {TimerHandler} _act @param {number} [delay] */
  const begun = function setTimeout(_act, delay) {
    const id = Reflect.apply(begin, window, arguments);
    if (!watch.acting || (delay || 0) > PROMPT_MS) return id;
    open[id] = true;
    watch.pending += 1;
    // A timer of the same length that starts later also ends later.
    nativeTimeout(() => close(id), delay || 0);
    return id;
  };
  /** @param {number} [id] */
  const ended = function clearTimeout(id) {
    close(id);
    return Reflect.apply(end, window, arguments);
  };
  window.setTimeout = begun;
  window.clearTimeout = ended;
  return () => {
    if (window.setTimeout === begun) window.setTimeout = begin;
    if (window.clearTimeout === ended) window.clearTimeout = end;
  };
}

/** @param {Watch} watch */
function watchRequests(watch) {
  const kind = window.XMLHttpRequest && XMLHttpRequest.prototype;
  const send = kind && kind.send;
  if (typeof send !== 'function') return () => {};
  /** @this {XMLHttpRequest} */
  const sent = function () {
    Reflect.apply(send, this, arguments);
    if (this.readyState === 4 || !this.addEventListener) return;
    watch.requests += 1;
    this.addEventListener('loadend', () => { watch.requests -= 1; });
  };
  kind.send = sent;
  return () => { if (kind.send === sent) kind.send = send; };
}

/** @param {Watch} watch */
function watchFetches(watch) {
  const begin = window.fetch;
  if (typeof begin !== 'function') return () => {};
  const begun = function fetch() {
    const answer = Reflect.apply(begin, window, arguments);
    const done = () => { nativeTimeout(() => { watch.requests -= 1; }, 0); };
    watch.requests += 1;
    answer.then(done, done);
    return answer;
  };
  window.fetch = begun;
  return () => { if (window.fetch === begun) window.fetch = begin; };
}
