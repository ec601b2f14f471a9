// Reading what a page shows: a control's value or, where there is none, the text beside or below a label.

/** Elements in which a label may stand alone. */
const CAPTION = 'th,td,dt,label,legend,span,b,strong,em,i,u,font,small,div,p,li,h1,h2,h3,h4,h5,h6,[role=rowheader],[role=columnheader]';

/**
 * Return what each target shows: JSON `{ shown: [{ texts } | { trouble, facts }] }`. More than one text is for
 * Python to choose from, by the pattern of the page map.
 * @param {{ boxes: Box[] }} job
 * @returns {string}
 */
function read(job) {
  const shown = [];
  for (const box of job.boxes) {
    const texts = attempt(() => readOne(box));
    shown.push(texts instanceof Trouble ? { trouble: texts.kind, facts: texts.facts } : { texts });
  }
  return json({ shown });
}

/** @param {Box} box @returns {string[]} */
function readOne(box) {
  const control = attempt(() => find(box));
  if (!(control instanceof Trouble)) return [readControl(control, box)];
  if (control.kind !== 'missing' && control.kind !== 'hidden') throw control;
  const found = box.css === null ? plainTexts(box.label) : plainByCss(box.css);
  if (!found.length) throw control;
  if (box.nth === null) return found;
  if (found.length < box.nth) throw new Trouble('too-few', { count: found.length });
  return [found[box.nth - 1]];
}

/** A password stays in the page. @param {Control} control @param {Box} box */
function readControl(control, box) {
  return /** @type {HTMLInputElement} */ (control.node).type === 'password' ? '' : shownTexts(control, box.chosen).join('; ');
}

/** @param {string} css */
function plainByCss(css) {
  const texts = [];
  for (const element of only(allByCss(css), visible)) texts.push(cellText(element));
  return texts;
}

/**
 * Return the values that stand at a label, by the first way that finds any.
 * @param {string | null} label
 */
function plainTexts(label) {
  const captions = captionsOf(bare(label));
  const texts = [];
  for (const caption of captions) for (const text of valuesAt(caption)) texts.push(text);
  return texts.length ? texts : sameLine(bare(label));
}

/**
 * Return the outermost visible elements that say just the label.
 * @param {string} wanted
 */
function captionsOf(wanted) {
  const found = [];
  for (const element of all(CAPTION)) {
    if (element.childElementCount > 3 || !mayBe(element, wanted) || bare(inner(element, PRESSABLE)) !== wanted) continue;
    if (visible(element) && !only(found, (outer) => holds(outer, element)).length) found.push(element);
  }
  return found;
}

/** A cheap look before the dear one. @param {Element} element @param {string} wanted */
function mayBe(element, wanted) {
  const length = (element.textContent || '').length;
  return length >= wanted.length && length < wanted.length + 200;
}

/** @param {Element} caption @returns {string[]} */
function valuesAt(caption) {
  if (caption.tagName === 'DT') return definitions(caption);
  if (!caption.matches(FIELD)) return following(caption);
  const { lines, row, column } = placeOf(caption);
  if (isHeading(caption)) return belowHeading(lines, row, column);
  for (let at = column + 1; at < lines[row].length; at += 1) {
    const next = lines[row][at];
    if (next && next !== caption) return [cellText(next)];
  }
  return [];
}

/** @param {Element} term */
function definitions(term) {
  let text = '';
  for (let next = term.nextElementSibling; next && next.tagName === 'DD'; next = next.nextElementSibling) text += ` ${cellText(next)}`;
  return [fold(text)];
}

/**
 * Tell whether a cell heads a column: all cells of its row are headings, by tag or by bold letters.
 * @param {Element} cell
 */
function isHeading(cell) {
  let count = 0;
  for (const other of /** @type {Element} */ (cell.parentNode).children) {
    if (!labelText(other)) continue;
    count += 1;
    if (!other.matches('th,[role=columnheader]') && !isBold(other)) return false;
  }
  return count > 1 || cell.matches('thead *,[role=columnheader]');
}

/** @param {Element} cell @returns {boolean} */
function isBold(cell) {
  const onlyChild = cell.childElementCount === 1 ? cell.firstElementChild : null;
  if (onlyChild && fold(onlyChild.textContent) === fold(cell.textContent)) return isBold(onlyChild);
  return Number(getComputedStyle(cell).fontWeight) >= 600;
}

/**
 * Return the texts of a column below its heading.
 * @param {Element[][]} lines
 * @param {number} row
 * @param {number} column
 */
function belowHeading(lines, row, column) {
  const texts = [];
  for (let at = row + 1; at < lines.length; at += 1) {
    const cell = lines[at][column];
    if (cell && cell !== lines[row][column] && visible(cell)) texts.push(cellText(cell));
  }
  return texts;
}

/**
 * Return the text that follows a caption: on its line, or in the block after it.
 * @param {Element} caption
 * @returns {string[]}
 */
function following(caption) {
  /** @type {Element | null} */
  let at = caption;
  for (let steps = 0; at && steps < 4; steps += 1) {
    let text = '';
    for (let next = at.nextSibling; next; next = next.nextSibling) {
      if (startsNext(next, caption)) break;
      const piece = next.nodeType === 1 || next.nodeType === 3 ? words(next, PRESSABLE) : '';
      text += piece;
      if (fold(text).replace(/^:\s*/, '') && isBreak(next)) break;
    }
    const value = fold(text).replace(/^[:\uff1a]\s*/, '');
    if (value) return [value];
    const parent = parentOf(at);
    at = parent && !parent.matches(BOUND) && at === caption.parentNode ? parent : at === caption ? parent : null;
    if (at && at.matches(BOUND)) return [];
  }
  return [];
}

/** Tell whether *node* begins the next caption: the same kind of element. @param {Node} node @param {Element} caption */
function startsNext(node, caption) {
  return node.nodeType === 1 && /** @type {Element} */ (node).tagName === caption.tagName
    && /** @type {Element} */ (node).className === caption.className && caption.matches('b,strong,label,h1,h2,h3,h4,h5,h6,dt');
}

/**
 * Return what stands behind "Label:" in one text.
 * @param {string} wanted
 */
function sameLine(wanted) {
  const found = [];
  for (const root of roots()) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = /** @type {Text} */ (texts.currentNode);
      const [head, ...rest] = node.data.split(/[:\uff1a]/);
      if (!rest.length || bare(head) !== wanted || !node.parentElement || node.parentElement.matches(SILENT)) continue;
      if (visible(node.parentElement)) found.push(fold(node.data.slice(head.length + 1) + afterText(node)));
    }
  }
  return found;
}

/** @param {Text} node the rest of its line */
function afterText(node) {
  let text = '';
  for (let next = node.nextSibling; next; next = next.nextSibling) {
    if (isBreak(next)) break;
    if (next.nodeType === 1 || next.nodeType === 3) text += words(next, PRESSABLE);
  }
  return text;
}
