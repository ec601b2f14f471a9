// What can be pressed, found by what a person reads on it.

const PRESS = 'button,input[type=submit],input[type=button],input[type=reset],input[type=image],a,area,summary,' +
  '[role=button],[role=link],[role=menuitem],[role=tab],[onclick]';
/** @type {Record<string, string>} */
const DEFAULT_TEXTS = { submit: 'Submit', reset: 'Reset' };

/**
 * Return the texts by which a person knows a button, link or image.
 * @param {Element} element
 */
function pressTexts(element) {
  const texts = [inner(element), ...attributes(element, ['alt', 'title', 'aria-label'])];
  const input = /** @type {HTMLInputElement} */ (element);
  if (element.tagName === 'INPUT') texts.push(input.value || DEFAULT_TEXTS[input.type] || '');
  for (const image of element.querySelectorAll('img,svg,[aria-label]')) {
    for (const text of attributes(image, ['alt', 'title', 'aria-label'])) texts.push(text);
  }
  return texts;
}

/**
 * Return the one thing to press that *target* names, inside *scope* where there is one.
 * @param {Target} target
 * @param {Element | null} scope
 * @returns {Element}
 */
function pressable(target, scope) {
  const alike = target.css === null ? pressableByText(target.label, scope) : allByCss(target.css, scope);
  const seen = only(alike, visible);
  return pick({ seen, hidden: alike.length - seen.length }, target, () => ({ labels: buttonsSeen(scope) }));
}

/**
 * @param {string | null} label
 * @param {Element | null} scope
 */
function pressableByText(label, scope) {
  const wanted = fold(label).toLowerCase();
  const named = innermost(only(all(PRESS, scope), (element) => says(pressTexts(element), wanted)));
  if (named.length) return named;
  // Scripts can make anything a button; a person sees it by the pointing hand.
  const plain = only(all('*', scope), (element) => element.childElementCount < 3 && says([inner(element)], wanted));
  return innermost(only(plain, (element) => getComputedStyle(element).cursor === 'pointer'));
}

/**
 * @param {(string | null)[]} texts
 * @param {string} wanted
 */
function says(texts, wanted) {
  for (const text of texts) if (fold(text).toLowerCase() === wanted) return true;
  return false;
}

/** @param {Element[]} elements those that hold no other of them */
function innermost(elements) {
  return only(elements, (outer) => !only(elements, (other) => other !== outer && holds(outer, other)).length);
}

/** @param {Element | null} scope */
function buttonsSeen(scope) {
  const texts = [];
  for (const element of all('button,input[type=submit],input[type=button],input[type=image],[role=button]', scope)) {
    const text = only(pressTexts(element), (one) => Boolean(fold(one)))[0];
    if (text && texts.length < LISTED && visible(element)) texts.push(fold(text).slice(0, 60));
  }
  return texts;
}
