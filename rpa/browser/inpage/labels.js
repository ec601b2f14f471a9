// What a person reads at a control, level by level: the nearer and the more explicit first.

/** Name and reader of each level, in the order in which a label is looked for. */
const LEVELS = [
  { name: 'label', read: tagged },
  { name: 'aria', read: aria },
  { name: 'left', read: left },
  { name: 'above', read: above },
  { name: 'before', read: beside },
  { name: 'placeholder', read: (/** @type {Control} */ control) => attributes(control.node, ['placeholder', 'aria-placeholder']) },
  { name: 'title', read: (/** @type {Control} */ control) => attributes(control.node, ['title']) },
];

/** @param {Element} element @param {string[]} names */
function attributes(element, names) {
  const found = [];
  for (const name of names) if (element.hasAttribute(name)) found.push(element.getAttribute(name));
  return found;
}

/**
 * `<label for>`, a label around it; for a group the legend of a fieldset that holds nothing else.
 * @param {Control} control
 */
function tagged(control) {
  const found = [];
  if (control.kind === 'radio' || control.kind === 'boxes') {
    const set = around(control.node, 'fieldset');
    const legend = set && set.querySelector('legend');
    if (legend && holdsOnly(set, control)) found.push(labelText(legend));
    return found;
  }
  for (const label of labelsOf(control.node)) found.push(labelText(label));
  return found;
}

/** @param {Element} set @param {Control} control */
function holdsOnly(set, control) {
  for (const element of set.querySelectorAll(CONTROL)) if (!control.members.includes(element)) return false;
  return true;
}

/**
 * aria-labelledby, aria-label; for a group those of the radiogroup or group around it.
 * @param {Control} control
 */
function aria(control) {
  const grouped = control.members.length ? around(control.node, '[role=radiogroup],[role=group]') : null;
  const element = grouped || control.node;
  const found = attributes(element, ['aria-label']);
  let text = '';
  for (const id of (element.getAttribute('aria-labelledby') || '').split(/\s+/)) {
    const root = /** @type {Document} */ (element.getRootNode());
    const named = id && root.getElementById && root.getElementById(id);
    if (named) text += ` ${labelText(named)}`;
  }
  if (fold(text)) found.push(text);
  return found;
}

const CELL = 'td,th';

/**
 * The text cell to the left, out through nested layout tables.
 * @param {Control} control
 */
function left(control) {
  for (let cell = around(control.node, CELL); cell; cell = around(parentOf(cell), CELL)) {
    if (!leads(control, cell)) return [];
    const { lines, row, column } = placeOf(cell);
    for (let at = column - 1; at >= 0; at -= 1) {
      const other = lines[row][at];
      if (other && other !== cell && !isBlank(other)) return other.querySelector(CONTROL) ? [] : [labelText(other)];
    }
  }
  return [];
}

/**
 * The nearest text cell above and the table's heading of that column, out through nested layout tables.
 * @param {Control} control
 */
function above(control) {
  for (let cell = around(control.node, CELL); cell; cell = around(parentOf(cell), CELL)) {
    const texts = leads(control, cell) ? headings(cell) : [];
    if (texts.length || !leads(control, cell)) return texts;
  }
  return [];
}

/** @param {Element} cell */
function headings(cell) {
  const { lines, row, column } = placeOf(cell);
  const texts = [];
  for (let at = row - 1; at >= 0; at -= 1) {
    const other = lines[at][column];
    if (!other || other === cell || isBlank(other) || other.querySelector(CONTROL)) continue;
    if (!texts.length || other.tagName === 'TH') texts.push(labelText(other));
  }
  return texts;
}

/**
 * Tell whether a cell's label speaks of *control*: it comes first in the cell, or is one of several boxes
 * alike. What follows a control of another kind, or a text of its own, has its own meaning.
 * @param {Control} control
 * @param {Element} cell
 */
function leads(control, cell) {
  if (inRow(control)) return false;
  const first = cell.querySelector(CONTROL);
  if (!first || first === control.node) return control.kind !== 'boxes' || holdsAll(cell, control.members);
  return kindOf(first) === control.kind && isSeparator(run(control.node).text);
}

/** @param {Element} cell @param {Element[]} members */
function holdsAll(cell, members) {
  for (const member of members) if (!holds(cell, member)) return false;
  return true;
}

/**
 * Tell whether a check box is one of several of a name in one cell, line or block: its label is the one behind it.
 * @param {Control} control
 */
function inRow(control) {
  if (control.kind !== 'tick') return false;
  const name = control.node.getAttribute('name');
  const block = around(parentOf(control.node), 'td,th,fieldset,p,li,div,form');
  if (!name || !block) return false;
  let alike = 0;
  for (const box of block.querySelectorAll('input[type=checkbox]')) if (box.getAttribute('name') === name) alike += 1;
  return alike > 1;
}

/**
 * Text immediately before; at a check box the text behind it counts too, and alone where the text before
 * stands behind another check box.
 * @param {Control} control
 */
function beside(control) {
  if (control.kind !== 'tick') return before(control);
  const text = behind(control.node);
  const { start } = run(control.node);
  const inSeries = inRow(control) || (text && start && kindOf(start) === 'tick');
  return inSeries ? [text] : [text, ...before(control)];
}

/**
 * Return the texts right before a control, going up while nothing stands before it.
 * @param {Control} control
 * @returns {string[]}
 */
function before(control) {
  const start = control.members.length ? around(control.node, 'label') || control.node : control.node;
  const { text, nearest, twin } = run(start);
  if (!twin || kindOf(twin) !== control.kind || !isSeparator(text)) return text === nearest ? [text] : [text, nearest];
  return before({ node: twin, kind: control.kind, members: [] });
}

/** @param {string} text */
function isSeparator(text) {
  return !/[^-\u2013\u2014/.,()\s]/.test(text);
}

const BOUND = 'td,th,form,fieldset,body,table,tr';

/**
 * Return the text that runs up to *node*, its nearest piece, the control that it starts after (`start`), and that
 * control again where it stands right beside *node* (`twin`).
 * @param {Element} node
 * @returns {{ text: string, nearest: string, start: Element | null, twin: Element | null }}
 */
function run(node) {
  let text = '';
  let nearest = '';
  /** @type {Element | null} */
  let at = node;
  for (let steps = 0; at && steps < 6; steps += 1) {
    for (let prev = at.previousSibling; prev; prev = prev.previousSibling) {
      const control = controlIn(prev);
      if (control) return { text: fold(text), nearest, start: control, twin: at === node && control === prev ? control : null };
      const piece = prev.nodeType === 1 || prev.nodeType === 3 ? words(prev, PRESSABLE) : '';
      text = piece + text;
      nearest = nearest || fold(piece);
      if (nearest && isBreak(prev)) return { text: fold(text), nearest, start: null, twin: null };
    }
    if (nearest || at.matches(BOUND)) break;
    const parent = parentOf(at);
    at = parent && !parent.matches(BOUND) ? parent : null;
  }
  return { text: fold(text), nearest, start: null, twin: null };
}

/** @param {Node} node @returns {Element | null} the last control in it */
function controlIn(node) {
  if (node.nodeType !== 1) return null;
  const element = /** @type {Element} */ (node);
  if (element.matches(CONTROL)) return element;
  const inside = element.querySelectorAll(CONTROL);
  return inside.length ? inside[inside.length - 1] : null;
}

/** @param {Node} node */
function isBreak(node) {
  if (node.nodeType !== 1) return false;
  const element = /** @type {Element} */ (node);
  return element.tagName === 'BR' || element.tagName === 'HR' || !getComputedStyle(element).display.startsWith('inline');
}

/**
 * Return the text right behind *node*, up to the next control or line.
 * @param {Element} node
 */
function behind(node) {
  let text = '';
  for (let next = node.nextSibling; next; next = next.nextSibling) {
    if (controlIn(next) || (isBreak(next) && fold(text))) break;
    text += next.nodeType === 1 || next.nodeType === 3 ? words(next, PRESSABLE) : '';
  }
  return fold(text);
}

/**
 * Return what a person reads at one member of a choice.
 * @param {Element} member
 */
function optionText(member) {
  for (const label of labelsOf(member)) if (labelText(label)) return labelText(label);
  const named = member.getAttribute('aria-label') || (member.tagName === 'INPUT' ? behind(member) : labelText(member));
  if (fold(named)) return fold(named);
  const cell = around(member, CELL);
  const next = cell && cell.nextElementSibling;
  if (next && !next.querySelector(CONTROL)) return labelText(next);
  return fold(/** @type {HTMLInputElement} */ (member).value);
}
