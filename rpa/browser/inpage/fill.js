// One pass over a form: every field found, checked, entered, left, and, if asked, all of them read back at the end.

/** Waiting does not mend these: the data or the page map is wrong. */
const LASTING = ['too-long', 'charset', 'bad-css', 'one-only', 'not-yes-no', 'bad-form', 'twin-options', 'file', 'no-list', 'one-line'];

/** Handlers of `load` may still reset a form; pictures of slow hosts must not hold it up for longer. */
const LOAD_MS = 2000;

/**
 * @param {{ boxes: (Box & { secret: boolean })[], wait: number, readBack: boolean }} job `wait` in milliseconds
 * @returns {Promise<string>} JSON: `{ shown: report[] }` or `{ at: index, trouble, facts }`
 */
async function fill(job) {
  const until = performance.now() + job.wait;
  await loaded(until);
  const refusal = firstTrouble(job.boxes);
  if (refusal) return json(refusal);
  const watch = new Watch();
  try {
    for (let at = 0; at < job.boxes.length; at += 1) {
      const trouble = await enterBox(job.boxes[at], watch, until);
      if (trouble) return json({ at, trouble: trouble.kind, facts: trouble.facts });
    }
    await watch.rest(until);
    return json(watch.leaving ? { trouble: 'leaving', facts: {} } : { shown: job.readBack ? readBack(job) : [] });
  } finally {
    watch.stop();
  }
}

/** @param {number} until */
async function loaded(until) {
  const latest = Math.min(until, performance.now() + LOAD_MS);
  while (document.readyState === 'loading' && performance.now() < until) await pause(4);
  while (document.readyState !== 'complete' && performance.now() < latest) await pause(4);
}

/** @param {Box[]} boxes the first value that cannot be entered whatever the page does */
function firstTrouble(boxes) {
  for (let at = 0; at < boxes.length; at += 1) {
    const trouble = attempt(() => mustFit(find(boxes[at]), boxes[at]));
    if (trouble instanceof Trouble && LASTING.includes(trouble.kind)) return { at, trouble: trouble.kind, facts: trouble.facts };
  }
  return null;
}

/**
 * Enter one box, waiting for a field that is not there or not usable yet.
 * @param {Box} box
 * @param {Watch} watch
 * @param {number} until
 * @returns {Promise<Trouble | null>}
 */
async function enterBox(box, watch, until) {
  for (;;) {
    const done = box.add ? await enterTwoPanes(box, watch, until) : attempt(() => enterOnce(box, watch));
    if (!(done instanceof Trouble)) {
      if (done !== 'text') await watch.rest(until);
      return null;
    }
    if (LASTING.includes(done.kind) || performance.now() >= until) return done;
    await pause(10);
  }
}

/**
 * @param {Box} box
 * @param {Watch} watch
 * @returns {string} the word `text` where nothing has to be waited for before the next field
 */
function enterOnce(box, watch) {
  const control = find(box);
  if (showsSame(control, box)) return 'text';
  mustBeUsable(control);
  mustFit(control, box);
  watch.during(() => enter(control, box));
  return ['text', 'rich'].includes(control.kind) ? 'text' : control.kind;
}

/**
 * Mark the texts in the left pane of a two-pane list, press the control that moves them, see them arrive.
 * @param {Box} box
 * @param {Watch} watch
 * @param {number} until
 */
async function enterTwoPanes(box, watch, until) {
  const marked = attempt(() => markLeft(box, watch));
  if (marked instanceof Trouble || !marked) return marked;
  await watch.rest(until);
  return attempt(() => {
    if (!showsSame(find(box), box)) throw new Trouble('not-moved', { control: box.add });
  });
}

/**
 * @param {Box} box
 * @param {Watch} watch
 * @returns {boolean} whether anything had to be moved
 */
function markLeft(box, watch) {
  const control = find(box);
  const there = folded(chosenTexts(/** @type {string} */ (box.chosen)));
  const missing = only(only(box.texts, isText), (text) => !there.includes(fold(text).toLowerCase()));
  if (!missing.length) return false;
  if (control.kind !== 'select') throw new Trouble('no-list');
  mustBeUsable(control);
  const button = mover(/** @type {string} */ (box.add));
  watch.during(() => {
    choose(/** @type {HTMLSelectElement} */ (control.node), missing);
    /** @type {HTMLElement} */ (button).click();
  });
  return true;
}

/**
 * Return the control between two panes: by what a person reads on it or, as often it is a bare arrow, by selector.
 * @param {string} add
 */
function mover(add) {
  const named = attempt(() => pressable({ label: add, css: null, nth: null }, null));
  if (!(named instanceof Trouble)) return named;
  const found = attempt(() => only(allByCss(add), visible));
  if (found instanceof Trouble || found.length !== 1) throw new Trouble('no-mover', { control: add });
  return found[0];
}

/**
 * Return what every box shows now; changes nothing.
 * @param {{ boxes: (Box & { secret: boolean })[] }} job
 */
function readBack(job) {
  const shown = [];
  for (const box of job.boxes) shown.push(report(box));
  return shown;
}

/** @param {{ boxes: (Box & { secret: boolean })[] }} job @returns {string} JSON */
function look(job) {
  return json({ shown: readBack(job) });
}
