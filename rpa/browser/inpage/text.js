// What a person reads: texts without the accidents of their markup.

/**
 * Fold every run of spaces, of whatever kind, into one and drop what cannot be seen.
 * @param {unknown} text
 * @returns {string}
 */
function fold(text) {
  const whole = text === null || text === undefined ? '' : String(text);
  return whole.replace(/[\u00ad\u200b-\u200d\u2060]/g, '').replace(/[\s\u00a0\ufeff]+/g, ' ').trim();
}

/**
 * Return a label as it is compared: without colon, asterisk, "(required)" and letter case.
 * @param {unknown} text
 * @returns {string}
 */
function bare(text) {
  const folded = fold(text).normalize('NFC').toLowerCase();
  const core = folded.replace(/^[*\s]+/, '').replace(/(?:\s|[:\uff1a*]|\((?:required|optional)\))+$/, '');
  return core || folded;
}

/**
 * Tell whether two lists hold the same texts, in whatever order.
 * @param {string[]} some
 * @param {string[]} others
 * @returns {boolean}
 */
function sameTexts(some, others) {
  if (some.length !== others.length) return false;
  for (const text of some) if (!others.includes(text)) return false;
  return true;
}

/** Elements that carry no text of their own: their content is a value or code. */
const SILENT = 'script,style,noscript,template,select,textarea,input,option,datalist,iframe';
const PRESSABLE = 'button,[role=button]';

/**
 * Return the text that *node* shows: hidden parts, values and code left out, blocks kept apart by spaces.
 * @param {Node} node
 * @param {string} without selector of further parts to leave out
 * @returns {string}
 */
function words(node, without) {
  if (node.nodeType === 3) return /** @type {Text} */ (node).data;
  if (node.nodeType !== 1) return '';
  const element = /** @type {Element} */ (node);
  if (element.tagName === 'BR' || element.matches(SILENT) || (without && element.matches(without))) return ' ';
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility !== 'visible') return '';
  const text = inner(element, without);
  return style.display.startsWith('inline') || style.display === 'contents' ? text : ` ${text} `;
}

/**
 * Return the text inside *element*, itself not judged.
 * @param {Element} element
 * @param {string} [without]
 * @returns {string}
 */
function inner(element, without = '') {
  if (!element.firstElementChild && !element.shadowRoot && element.tagName !== 'SLOT') return element.textContent || '';
  let text = '';
  for (const child of parts(element)) text += words(child, without);
  return text;
}

/**
 * Return the nodes that stand inside *element* on the screen, through open shadow roots and slots.
 * @param {Element} element
 * @returns {Iterable<Node>}
 */
function parts(element) {
  if (element.shadowRoot) return element.shadowRoot.childNodes;
  const assigned = element.tagName === 'SLOT' ? /** @type {HTMLSlotElement} */ (element).assignedNodes() : [];
  return assigned.length ? assigned : element.childNodes;
}

/**
 * Return a label's own text.
 * @param {Element} element
 * @returns {string}
 */
function labelText(element) {
  return fold(inner(element, PRESSABLE));
}

/** @param {string} text */
function isText(text) {
  return fold(text) !== '';
}

/**
 * Return those items of *list* that pass: Array.prototype.filter is what old libraries replace.
 * @template T
 * @param {T[]} list
 * @param {(item: T) => boolean} test
 * @returns {T[]}
 */
function only(list, test) {
  const kept = [];
  for (const item of list) if (test(item)) kept.push(item);
  return kept;
}
