// One look at a document: which one it is, whether it has come whole, and what it says.

/** @typedef {{ document: string, texts: string[], refusal: string }} Seen */

/**
 * @param {{ texts: string[], refused: string[], wait: number, since: Seen | null }} job texts to look for, selectors
 *   of where a refusal is told, and for how many milliseconds a document is waited for that has not come whole, is
 *   about to go, or still says what it said `since`
 * @returns {Promise<string>} JSON of what `Sight` holds
 */
async function sight({ texts, refused, wait, since }) {
  // Symbols of our own: page scripts and their old libraries do not come across them.
  const NAME = Symbol.for('keyonce.document');
  const LEAVING = Symbol.for('keyonce.leaving');
  const SETTLED_MS = 1000;

  const seen = (element) => element.checkVisibility({ visibilityProperty: true });

  // document.open() keeps the window and its clock but not the root, so the name hangs on the root.
  function name() {
    const root = document.documentElement;
    if (root && !root[NAME]) root[NAME] = `${performance.timeOrigin} ${Math.random()}`;
    return root ? root[NAME] : '';
  }

  // A page whose last picture never comes is ready too, a while after its scripts have run.
  function ready() {
    const load = performance.getEntriesByType('navigation')[0];
    if (document.readyState === 'complete') return true;
    return Boolean(load && load.domContentLoadedEventEnd) && performance.now() - load.domContentLoadedEventEnd > SETTLED_MS;
  }

  // Whether this document is about to be replaced. What is downloaded or handled by a script stays.
  function leaving() {
    if (!window.navigation) return false;
    if (!(LEAVING in window)) {
      window[LEAVING] = null;
      navigation.addEventListener('navigate', (event) => {
        const goes = /^https?:/.test(event.destination.url) && !event.destination.sameDocument;
        if (goes && event.downloadRequest === null) window[LEAVING] = event;
      });
      for (const end of ['navigatesuccess', 'navigateerror']) {
        navigation.addEventListener(end, () => { window[LEAVING] = null; });
      }
    }
    return window[LEAVING] !== null && !window[LEAVING].defaultPrevented;
  }

  function refusal() {
    const said = [];
    for (const selector of refused) {
      for (const element of document.querySelectorAll(selector)) if (seen(element)) said.push(fold(element.innerText));
    }
    return said.filter(Boolean).join(' ');
  }

  // What a person can read, in small letters: style sheets turn words into capitals.
  function* readings() {
    if (document.body && document.body.tagName === 'BODY') yield document.body.innerText;
    for (const button of document.querySelectorAll('input[type=submit],input[type=button],input[type=reset]')) {
      if (seen(button)) yield button.value;
    }
    for (const host of document.querySelectorAll('*')) {
      for (const inside of host.shadowRoot ? host.shadowRoot.children : []) yield inside.innerText || '';
    }
  }

  // Whole words only: "10 results" does not say "0 results", and that may be all the evidence that nothing is there.
  function says(words, text) {
    const letter = /[\p{L}\p{N}]/u;
    for (let at = words.indexOf(text); at >= 0; at = words.indexOf(text, at + 1)) {
      const before = words.charAt(at - 1), after = words.charAt(at + text.length);
      const joined = (letter.test(before) && letter.test(text[0])) || (letter.test(after) && letter.test(text.at(-1)));
      if (!joined) return true;
    }
    return false;
  }

  function found() {
    const missing = new Set(texts);
    if (!missing.size) return [];
    for (const reading of readings()) {
      const words = fold(reading).toLowerCase();
      for (const text of missing) if (says(words, fold(text).toLowerCase())) missing.delete(text);
      if (!missing.size) break;
    }
    return texts.filter((text) => !missing.has(text));
  }

  function same() {
    return since !== null && name() === since.document && sameTexts(found(), since.texts) && refusal() === since.refusal;
  }

  const begun = performance.now();
  for (let now = begun; now < begun + wait && (!ready() || leaving() || same()); now = performance.now()) {
    await pause(4 + (now - begun) / 4);
  }
  const load = performance.getEntriesByType('navigation')[0];
  return json({
    document: name(),
    ready: ready(),
    leaving: leaving(),
    status: (load && load.responseStatus) || 0,
    texts: found(),
    refusal: refusal(),
  });
}
