// Finding what a page map names, the way a person finds it.

/** @typedef {{ label: string | null, css: string | null, nth: number | null }} Target */

/** @type {{ list: Control[], levels: Record<string, Control[]>[] } | null} */
let known = null;

/** What can change a label; whether a control is seen is asked anew each time. */
const LABELLING = ['id', 'for', 'type', 'name', 'role', 'aria-label', 'aria-labelledby', 'placeholder', 'title', 'contenteditable'];
const changes = new MutationObserver(() => { known = null; });

/** Forget what was read of the page; every call from outside begins with it. */
function forget() {
  changes.disconnect();
  known = null;
}

/** Return the controls of the page; read anew only after the page has changed. */
function catalogue() {
  if (changes.takeRecords().length) known = null;
  if (known) return known;
  for (const root of roots()) {
    changes.observe(root, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: LABELLING });
  }
  known = { list: controls(), levels: [] };
  grids = new WeakMap();
  return known;
}

/**
 * Return the controls of one level by their bare label.
 * @param {number} level
 */
function labelled(level) {
  const { list, levels } = catalogue();
  if (levels[level]) return levels[level];
  const byText = Object.create(null);
  for (const control of list) {
    for (const text of LEVELS[level].read(control)) {
      const key = bare(text);
      if (!key) continue;
      byText[key] = byText[key] || [];
      if (!byText[key].includes(control)) byText[key].push(control);
    }
  }
  levels[level] = byText;
  return byText;
}

/**
 * Return the one control that *target* names; throws Trouble `missing`, `several` or `hidden`.
 * @param {Target} target
 * @returns {Control}
 */
function find(target) {
  const found = target.css === null ? byLabel(target) : byCss(target.css);
  return pick(found, target, () => ({ labels: labelsSeen() }));
}

/**
 * Return the one of *found* that is meant.
 * @template T
 * @param {{ seen: T[], hidden: number }} found
 * @param {Target} target
 * @param {() => object} context what else a message may list
 * @returns {T}
 */
function pick(found, target, context) {
  const { seen, hidden } = found;
  if (target.nth !== null && seen.length >= target.nth) return seen[target.nth - 1];
  if (target.nth === null && seen.length === 1) return seen[0];
  if (seen.length) throw new Trouble(target.nth === null ? 'several' : 'too-few', { count: seen.length, ...context() });
  throw new Trouble(hidden ? 'hidden' : 'missing', context());
}

/** @param {Target} target */
function byLabel(target) {
  const wanted = bare(target.label);
  let hidden = 0;
  for (let level = 0; level < LEVELS.length; level += 1) {
    const alike = labelled(level)[wanted] || [];
    const seen = only(alike, isSeen);
    if (seen.length) return { seen: nearer(seen, level), hidden };
    if (alike.length === 1 && alike[0].kind === 'file') return { seen: alike, hidden };
    hidden += alike.length;
  }
  return { seen: [], hidden };
}

/**
 * Where a cell's text could speak of several, keep those that no label of their own speaks of.
 * @param {Control[]} seen
 * @param {number} level
 */
function nearer(seen, level) {
  if (seen.length < 2 || !['left', 'above'].includes(LEVELS[level].name)) return seen;
  const free = only(seen, (control) => !tagged(control).length && !aria(control).length);
  return free.length ? free : seen;
}

/** @param {string} css */
function byCss(css) {
  /** @type {Control[]} */
  const alike = [];
  for (const element of allByCss(css)) {
    const control = controlOf(element);
    if (control && !alike.includes(control)) alike.push(control);
  }
  const seen = only(alike, isSeen);
  if (!seen.length && alike.length === 1 && alike[0].kind === 'file') return { seen: alike, hidden: 0 };
  return { seen, hidden: alike.length - seen.length };
}

/**
 * Return the control that *element* is, belongs to, or holds as its only one.
 * @param {Element} element
 */
function controlOf(element) {
  const { list } = catalogue();
  for (const control of list) if (control.kind !== 'boxes' && control.node === element) return control;
  for (const control of list) if (control.members.includes(element)) return control;
  const inside = only(list, (control) => holds(element, control.node));
  return inside.length === 1 ? inside[0] : null;
}

const LISTED = 12;

/** Return labels for a message. A table's row headings may be people's names, so data rows are left out. */
function labelsSeen() {
  /** @type {string[]} */
  const texts = [];
  for (const control of catalogue().list) {
    if (texts.length === LISTED) break;
    const text = isSeen(control) && ownLabel(control);
    if (text && !texts.includes(text)) texts.push(text);
  }
  return texts;
}

/** @param {Control} control */
function ownLabel(control) {
  for (const { name, read } of LEVELS) {
    if (name === 'left' && inDataTable(control.node)) continue;
    for (const text of read(control)) if (bare(text)) return fold(text).slice(0, 60);
  }
  return '';
}

/** @param {Element} node */
function inDataTable(node) {
  const table = around(node, TABLE);
  return Boolean(table && table.querySelector('thead,tr:first-child>th+th'));
}
