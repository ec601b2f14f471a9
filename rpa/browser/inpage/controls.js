// What can be entered on a page: inputs, lists, choices, editors.

const CONTROL = 'input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=reset]):not([type=image]),' +
  'select,textarea,' +
  '[contenteditable=""],[contenteditable=true],[contenteditable=plaintext-only],' +
  '[role=textbox],[role=combobox],[role=checkbox],[role=switch],[role=radiogroup]';
const NATIVE = 'input,select,textarea';
const EDITABLE = '[contenteditable=""],[contenteditable=true],[contenteditable=plaintext-only]';

/** Inputs that a person sets with a picker of the browser: their value has one fixed form. */
const PICKERS = ['date', 'time', 'datetime-local', 'month', 'week', 'color', 'range'];

/**
 * A thing to enter: one element, or a group (`members`) of radio buttons or check boxes that share a name.
 * `kind` is text, rich (an editor), picker, select, tick (one check box), boxes, radio, file or widget.
 * @typedef {{ node: Element, kind: string, members: Element[] }} Control
 */

/**
 * Return the word for how *element* is entered.
 * @param {Element} element
 */
function kindOf(element) {
  const role = element.getAttribute('role');
  if (element.tagName === 'SELECT') return 'select';
  if (element.tagName === 'TEXTAREA') return 'text';
  if (element.tagName === 'INPUT') return kindOfInput(/** @type {HTMLInputElement} */ (element).type);
  if (element.matches(EDITABLE)) return 'rich';
  if (role === 'checkbox' || role === 'switch') return 'tick';
  if (role === 'radiogroup') return 'radio';
  return 'widget';
}

/** @param {string} type */
function kindOfInput(type) {
  if (type === 'checkbox') return 'tick';
  if (type === 'radio' || type === 'file') return type;
  return PICKERS.includes(type) ? 'picker' : 'text';
}

/** Return every control of the page in document order, hidden ones too. */
function controls() {
  const found = [];
  const groups = Object.create(null);
  for (const element of all(CONTROL)) {
    if (!isWhole(element)) continue;
    const kind = kindOf(element);
    const group = groupOf(element, kind, groups);
    if (group && group.members.push(element) === 1) found.push(group);
    if (kind !== 'radio' || !group) found.push({ node: element, kind, members: membersOf(element, kind) });
  }
  return only(found, (control) => control.kind !== 'boxes' || control.members.length > 1);
}

/**
 * Tell whether *element* is a control of its own and not the shell of one, nor a part of an editor.
 * @param {Element} element
 */
function isWhole(element) {
  if (element.matches(NATIVE)) return true;
  const parent = parentOf(element);
  if (parent && around(parent, EDITABLE)) return false;
  return !element.querySelector(NATIVE);
}

/**
 * Return the group that *element* belongs to by its form and name, or null where it stands alone.
 * @param {Element} element
 * @param {string} kind
 * @param {Record<string, Control>} groups
 */
function groupOf(element, kind, groups) {
  const name = element.getAttribute('name');
  if (!name || element.tagName !== 'INPUT' || (kind !== 'radio' && kind !== 'tick')) return null;
  const key = `${kind} ${formNumber(element)} ${name}`;
  groups[key] = groups[key] || { node: element, kind: kind === 'radio' ? 'radio' : 'boxes', members: [] };
  return groups[key];
}

/** @param {Element} element @returns {number} which form of its tree the element belongs to */
function formNumber(element) {
  const forms = /** @type {Document} */ (element.getRootNode()).querySelectorAll('form');
  const own = /** @type {HTMLInputElement} */ (element).form;
  for (let at = 0; at < forms.length; at += 1) if (forms[at] === own) return at;
  return -1;
}

/**
 * @param {Element} element
 * @param {string} kind
 */
function membersOf(element, kind) {
  if (kind !== 'radio') return [];
  return element.tagName === 'INPUT' ? [element] : [...element.querySelectorAll('[role=radio]')];
}

/** Kinds whose input pages often hide behind its styled label. */
const FACED_BY_LABEL = ['tick', 'radio', 'boxes', 'file'];

/**
 * Return the elements that a person would see of a control: of a choice, its members and their labels.
 * @param {Control} control
 */
function faces(control) {
  const found = [];
  for (const member of control.members.length ? control.members : [control.node]) {
    found.push(member);
    if (FACED_BY_LABEL.includes(control.kind)) for (const label of labelsOf(member)) found.push(label);
  }
  const stand = standIn(control.node);
  if (stand) found.push(stand.face);
  return found;
}

/** @param {Element} element @returns {HTMLLabelElement[]} */
function labelsOf(element) {
  return [.../** @type {HTMLInputElement} */ (element).labels || []];
}

/** @param {Control} control */
function isSeen(control) {
  for (const face of faces(control)) if (visible(face)) return true;
  return false;
}

/**
 * Return the editor that a page shows in place of a hidden text area, right after it: an editable
 * element, or one in a frame of its own. `face` is what stands in this document.
 * @param {Element} node
 * @returns {{ face: Element, entry: HTMLElement } | null}
 */
function standIn(node) {
  if (node.tagName !== 'TEXTAREA' || visible(node)) return null;
  const next = node.nextElementSibling;
  if (!next) return null;
  const face = next.matches(`${EDITABLE},iframe`) ? next : next.querySelector(`${EDITABLE},iframe`);
  if (!face) return null;
  if (face.tagName !== 'IFRAME') return { face, entry: /** @type {HTMLElement} */ (face) };
  const page = /** @type {HTMLIFrameElement} */ (face).contentDocument;
  const body = page && page.body;
  return body && (body.isContentEditable || page.designMode === 'on') ? { face, entry: body } : null;
}
