// The page as a tree: through open shadow roots, and what of it can be seen.

/**
 * Return the document and every open shadow root in it.
 * @param {Document | ShadowRoot} root
 * @param {(Document | ShadowRoot)[]} found
 */
function roots(root = document, found = []) {
  found.push(root);
  for (const element of root.querySelectorAll('*')) if (element.shadowRoot) roots(element.shadowRoot, found);
  return found;
}

/**
 * Return the elements that match *selector* below *scope*, or in the whole page, shadow roots included.
 * @param {string} selector
 * @param {Element | null} [scope]
 * @returns {Element[]}
 */
function all(selector, scope) {
  const found = [];
  for (const root of scope ? [scope] : roots()) for (const element of root.querySelectorAll(selector)) found.push(element);
  return found;
}

/**
 * The same for a selector that the page map gave.
 * @param {string} selector
 * @param {Element | null} [scope]
 */
function allByCss(selector, scope) {
  try {
    return all(selector, scope);
  } catch {
    throw new Trouble('bad-css', { css: selector });
  }
}

/**
 * Return the parent on the screen: a shadow root's is its host.
 * @param {Node} node
 * @returns {Element | null}
 */
function parentOf(node) {
  const parent = node.parentNode;
  if (parent && parent.nodeType === 11) return /** @type {ShadowRoot} */ (parent).host || null;
  return parent && parent.nodeType === 1 ? /** @type {Element} */ (parent) : null;
}

/**
 * Return *node* itself or the nearest element around it that matches.
 * @param {Node | null} node
 * @param {string} selector
 * @returns {Element | null}
 */
function around(node, selector) {
  for (let at = node; at; at = parentOf(at)) {
    if (at.nodeType === 1 && /** @type {Element} */ (at).matches(selector)) return /** @type {Element} */ (at);
  }
  return null;
}

/**
 * Tell whether *outer* holds *node*, shadow roots included.
 * @param {Element} outer
 * @param {Node | null} node
 */
function holds(outer, node) {
  for (let at = node; at; at = parentOf(at)) if (at === outer) return true;
  return false;
}

/**
 * Tell whether a person can see *element*: it is laid out, not hidden, and not pushed off the page.
 * A box of one pixel is how pages hide what only scripts should find.
 * @param {Element} element
 */
function visible(element) {
  if (!element.isConnected || !element.checkVisibility({ visibilityProperty: true })) return false;
  const box = element.getBoundingClientRect();
  if (box.width <= 1 || box.height <= 1) return false;
  return box.right + Math.abs(scrollX) > 0 && box.bottom + scrollY > 0;
}

/** Return the element that has the focus, through open shadow roots. */
function focused() {
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
