// Whether the mouse would reach an element, and where.

/**
 * Return the element that a click at this point of this document would meet.
 * @param {Document} page
 * @param {number} x
 * @param {number} y
 */
function under(page, x, y) {
  let hit = page.elementFromPoint(x, y);
  while (hit && hit.shadowRoot) {
    const deeper = hit.shadowRoot.elementFromPoint(x, y);
    if (!deeper || deeper === hit) break;
    hit = deeper;
  }
  return hit;
}

/**
 * Return places on *element*, the centre of each line of it first.
 * @param {Element} element
 * @returns {[number, number][]}
 */
function places(element) {
  /** @type {[number, number][]} */
  const found = [];
  for (const share of [1 / 2, 1 / 4, 3 / 4]) {
    for (const box of element.getClientRects()) {
      if (box.width && box.height) found.push([box.left + box.width * share, box.top + box.height / 2]);
    }
  }
  return found;
}

/**
 * Tell whether a click that meets *hit* goes to *element*: it is part of it, or its label.
 * @param {Element} element
 * @param {Element | null} hit
 */
function reaches(element, hit) {
  if (!hit) return false;
  if (holds(element, hit)) return true;
  const label = /** @type {HTMLLabelElement | null} */ (around(hit, 'label'));
  return Boolean(label && label.control === element);
}

/**
 * Return a place where the mouse reaches *element*, scrolled into sight if need be; throws Trouble `covered`.
 * @param {Element} element
 * @param {(hit: Element) => boolean} [tolerates]
 * @returns {[number, number]}
 */
function exposed(element, tolerates = () => false) {
  const first = reached(element, tolerates);
  if (Array.isArray(first)) return first;
  element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
  const second = reached(element, tolerates);
  if (Array.isArray(second)) return second;
  throw new Trouble('covered', { by: second ? nameOf(second) : 'the edge of the window' });
}

/**
 * Return a place that the mouse reaches, or else what is in its way.
 * @param {Element} element
 * @param {(hit: Element) => boolean} tolerates
 * @returns {[number, number] | Element | null}
 */
function reached(element, tolerates) {
  let cover = null;
  for (const [x, y] of places(element)) {
    const hit = under(element.ownerDocument, x, y);
    if (reaches(element, hit) || (hit && tolerates(hit))) return [x, y];
    cover = cover || hit;
  }
  return cover;
}

/**
 * Refuse an element that a style sheet is just moving: a click would come too late for its place.
 * Animations without an end (a turning wheel) are no reason to wait.
 * @param {Element} element
 */
function mustStandStill(element) {
  for (const animation of document.getAnimations()) {
    const effect = /** @type {KeyframeEffect | null} */ (animation.effect);
    const ends = effect && Number.isFinite(effect.getComputedTiming().endTime);
    const moves = animation.playState === 'running' && ends && effect.target && holds(effect.target, element);
    if (moves) throw new Trouble('moving');
  }
}

/**
 * Name an element for a message, without its text.
 * @param {Element} element
 */
function nameOf(element) {
  const id = element.getAttribute('id');
  return `<${element.tagName.toLowerCase()}${id ? ` id=${id}` : ''}>`;
}
