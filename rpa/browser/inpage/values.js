// What a control shows, and whether that is what was meant.

/**
 * A control and the texts meant for it.
 * @typedef {{ label: string | null, css: string | null, nth: number | null, texts: string[],
 *   add: string | null, chosen: string | null, keys: boolean }} Box
 */

/**
 * Return the texts that a control shows: several of a list of many, none of an open choice.
 * @param {Control} control
 * @param {string | null} pane selector of the chosen pane, where there are two
 * @returns {string[]}
 */
function shownTexts(control, pane) {
  if (pane) return chosenTexts(pane);
  if (control.kind === 'boxes' || control.kind === 'radio') return memberTexts(control);
  if (control.kind === 'select') return optionTexts(/** @type {HTMLSelectElement} */ (control.node).selectedOptions);
  return [shownText(control)];
}

/**
 * Return the one text that a control of a single value shows.
 * @param {Control} control
 */
function shownText(control) {
  const input = /** @type {HTMLInputElement} */ (control.node);
  const stand = standIn(control.node);
  if (control.kind === 'tick') return isOn(input) ? 'yes' : 'no';
  if (control.kind === 'file') return input.files && input.files.length ? input.files[0].name : '';
  if (stand) return linesOf(stand.entry);
  if (control.kind === 'rich') return linesOf(/** @type {HTMLElement} */ (control.node));
  return control.kind === 'widget' ? labelText(control.node) : input.value;
}

/** @param {HTMLElement} editor */
function linesOf(editor) {
  return editor.innerText.replace(/\u00a0/g, ' ').replace(/\n\n+/g, '\n').trim();
}

/** @param {Element} element a check box, radio button or switch */
function isOn(element) {
  return element.tagName === 'INPUT'
    ? /** @type {HTMLInputElement} */ (element).checked
    : element.getAttribute('aria-checked') === 'true';
}

/** @param {Control} control */
function memberTexts(control) {
  const texts = [];
  for (const member of control.members) if (isOn(member)) texts.push(optionText(member));
  return texts;
}

/** @param {Iterable<Element>} options */
function optionTexts(options) {
  const texts = [];
  for (const option of options) texts.push(fold(/** @type {HTMLOptionElement} */ (option).label || option.textContent));
  return texts;
}

/**
 * Return what the chosen pane of a two-pane list, or the shelf of a tag box, holds.
 * @param {string} pane
 */
function chosenTexts(pane) {
  const found = allByCss(pane);
  if (!found.length) throw new Trouble('no-pane', { css: pane });
  if (found.length === 1 && found[0].tagName === 'SELECT') return optionTexts(/** @type {HTMLSelectElement} */ (found[0]).options);
  const texts = [];
  for (const item of found.length === 1 ? found[0].children : found) texts.push(labelText(item));
  return only(texts, isText);
}

/**
 * Tell whether the control shows exactly the texts meant for it.
 * @param {Control} control
 * @param {Box} box
 */
function showsSame(control, box) {
  const shown = shownTexts(control, box.chosen);
  if (control.kind === 'tick') return shown[0] === (yesOrNo(box.texts[0]) ? 'yes' : 'no');
  if (control.kind === 'select' && !box.chosen && !folded(box.texts).length) return showsBlank(control);
  if (['select', 'radio', 'boxes'].includes(control.kind) || box.chosen) return sameTexts(folded(shown), folded(box.texts));
  return shown[0] === oneText(box);
}

/** @param {Control} control */
function showsBlank(control) {
  const chosen = /** @type {HTMLSelectElement} */ (control.node).selectedOptions;
  return !chosen.length || (chosen.length === 1 && isMeant(chosen[0], ''));
}

/** @param {string[]} texts */
function folded(texts) {
  const found = [];
  for (const text of texts) if (fold(text)) found.push(fold(text).toLowerCase());
  return found;
}

/** @param {Box} box */
function oneText(box) {
  if (box.texts.length > 1) throw new Trouble('one-only', { count: box.texts.length });
  return (box.texts[0] || '').replace(/\r\n?/g, '\n');
}

/** @param {string | undefined} text */
function yesOrNo(text) {
  const word = fold(text).toLowerCase();
  if (['yes', 'true', 'on', '1', 'x'].includes(word)) return true;
  if (['no', 'false', 'off', '0', ''].includes(word)) return false;
  throw new Trouble('not-yes-no');
}

/**
 * Return what Python may know of a control after it was entered. What is secret is compared here only.
 * @param {Box & { secret: boolean }} box
 */
function report(box) {
  const found = attempt(() => {
    const control = find(box);
    const secret = box.secret || /** @type {HTMLInputElement} */ (control.node).type === 'password';
    return { same: showsSame(control, box), text: secret ? null : shownTexts(control, box.chosen).join('; '), kind: control.kind };
  });
  return found instanceof Trouble ? { trouble: found.kind, facts: found.facts } : found;
}
