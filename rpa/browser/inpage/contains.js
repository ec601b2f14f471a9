// Whether the page shows a text.

/**
 * Tell whether the page shows *text*, as words or on a button, whatever the spaces and letter case
 * (style sheets turn headings into capitals).
 * @param {string} text
 */
function contains(text) {
  const wanted = fold(text).toLowerCase();
  if (document.body && fold(document.body.innerText).toLowerCase().includes(wanted)) return true;
  for (const root of roots()) {
    if (root instanceof ShadowRoot && fold(shadowText(root)).toLowerCase().includes(wanted)) return true;
  }
  for (const button of all('input[type=submit],input[type=button],input[type=reset]')) {
    if (fold(/** @type {HTMLInputElement} */ (button).value).toLowerCase().includes(wanted) && visible(button)) return true;
  }
  return false;
}

/** @param {string[]} texts */
function containsAny(texts) {
  for (const text of texts) if (contains(text)) return true;
  return false;
}

/** @param {ShadowRoot} root */
function shadowText(root) {
  let text = '';
  if (visible(root.host)) for (const child of root.childNodes) text += words(child, '');
  return text;
}
