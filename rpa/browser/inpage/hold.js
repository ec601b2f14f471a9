// A field held for real keys: focused, everything marked, and no key let through to any other field.

/** What shows suggestions below a field, by role or by the classes of widely used libraries. */
const SUGGESTION = '[role=option],[role=listbox] li,.ui-menu-item,.ui-autocomplete li,.autocomplete-suggestion,.tt-suggestion';
const SUGGESTING = '[role=combobox],[aria-autocomplete=list],[aria-autocomplete=both],[aria-haspopup=listbox],.ui-autocomplete-input';

/** A suggestion that has not come this long after its field went quiet will not come. */
const QUIET_MS = 300;

/** What real keys send to a field, first to last. */
const KEY_EVENTS = ['keydown', 'keypress', 'beforeinput'];

/** A field under the keys. `patience` is how long a suggestion may take once all is quiet; -1 where none is meant. */
class Hold {
  /**
   * @param {HTMLElement} node
   * @param {number} patience
   */
  constructor(node, patience) {
    this.node = node;
    this.patience = patience;
    this.watch = new Watch();
    // A script may have moved the focus: a key must not reach another field, nor press a button there.
    this.guard = (/** @type {Event} */ event) => {
      if (holds(node, /** @type {Node} */ (event.composedPath()[0]))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    for (const name of KEY_EVENTS) window.addEventListener(name, this.guard, true);
  }

  letGo() {
    for (const name of KEY_EVENTS) window.removeEventListener(name, this.guard, true);
    this.watch.stop();
  }
}

/** @type {Hold | null} */
let held = null;

/**
 * Give a field the focus, wait for what its scripts do then (masks set the caret by a timer), mark its text.
 * JSON `{ spot }`, null or the place to press for a list that takes no text; or `{ trouble, facts }`.
 * @param {{ boxes: Box[], wait: number }} job
 */
async function hold(job) {
  const until = performance.now() + job.wait;
  await loaded(until);
  for (;;) {
    const control = attempt(() => take(job.boxes[0]));
    if (!(control instanceof Trouble)) return json({ spot: await markAll(control, until) });
    if (LASTING.includes(control.kind) || performance.now() >= until) return json({ trouble: control.kind, facts: control.facts });
    await pause(10);
  }
}

/** @param {Box} box */
function take(box) {
  const control = find(box);
  mustBeUsable(control);
  mustFit(control, box);
  if (held) held.letGo();
  held = new Hold(entryOf(control), patienceFor(control, box));
  return control;
}

/** @param {Control} control */
function entryOf(control) {
  const stand = standIn(control.node);
  return stand ? stand.entry : /** @type {HTMLElement} */ (control.node);
}

/**
 * @param {Control} control
 * @param {Box} box
 */
function patienceFor(control, box) {
  if (box.chosen || control.node.matches(SUGGESTING)) return QUIET_MS;
  return box.keys ? 0 : -1;
}

/**
 * @param {Control} control
 * @param {number} until
 */
async function markAll(control, until) {
  const { node, watch } = /** @type {Hold} */ (held);
  if (control.kind === 'widget') return outward(node, exposed(node));
  watch.during(() => node.focus({ preventScroll: true }));
  await watch.rest(until);
  node.focus({ preventScroll: true });
  if (control.kind === 'text' && !standIn(control.node)) /** @type {HTMLInputElement} */ (node).select();
  else /** @type {Selection} */ (node.ownerDocument.getSelection()).selectAllChildren(node);
  watch.acting = true;
  return null;
}

/**
 * Return where the suggestion that shows *text* stands: JSON `{ spot }`, null where none is meant or comes.
 * @param {{ text: string, wait: number }} job
 */
async function suggestion(job) {
  const begun = performance.now();
  let quiet = begun;
  while (held && held.patience >= 0) {
    const option = suggested(held.node, job.text);
    if (option) return json({ spot: outward(option, exposed(option)) });
    const now = performance.now();
    if (held.watch.pending > 0 && now - begun < 2 * PROMPT_MS) quiet = now;
    if (held.watch.requests > 0) quiet = now;
    if (now - begun >= job.wait || now - quiet > held.patience) break;
    await pause(5);
  }
  return json({ spot: null });
}

/**
 * @param {Element} node
 * @param {string} text
 */
function suggested(node, text) {
  const id = node.getAttribute('aria-controls') || node.getAttribute('aria-owns');
  const list = id ? /** @type {Document} */ (node.getRootNode()).getElementById(id) : null;
  const alike = only(all(SUGGESTION, list), (option) => bare(inner(option)) === bare(text) && visible(option));
  return innermost(alike)[0] || null;
}

/**
 * Leave the held field and wait for what that sets off.
 * @param {{ wait: number }} job
 */
async function release(job) {
  if (!held) return json({});
  const { node, watch } = held;
  if (focused() === node || node.ownerDocument !== document) node.blur();
  watch.acting = false;
  await watch.rest(performance.now() + job.wait);
  held.letGo();
  held = null;
  return json({});
}
