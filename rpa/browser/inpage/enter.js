// Entering one value, by the browser's own means: focus, input, change and blur come as they do for a person.

/**
 * Refuse a control that a person could not use; throws Trouble `disabled`, `readonly`, `hidden` or `covered`.
 * @param {Control} control
 */
function mustBeUsable(control) {
  const face = only(faces(control), visible)[0];
  const { node } = control;
  if (!face) throw new Trouble('hidden');
  if (node.matches(':disabled') || around(node, '[aria-disabled=true],[inert]')) throw new Trouble('disabled');
  if (/** @type {HTMLInputElement} */ (node).readOnly || node.getAttribute('aria-readonly') === 'true') throw new Trouble('readonly');
  // A decoration that shares the control's own small box (an icon, a watermark) passes the click on.
  const home = parentOf(face);
  exposed(face, (hit) => Boolean(home && !home.matches('body,form,main') && holds(home, hit)));
}

/**
 * Refuse a text that the control or its form cannot take, before anything is typed.
 * @param {Control} control
 * @param {Box} box
 */
function mustFit(control, box) {
  if (control.kind !== 'text') return;
  const input = /** @type {HTMLInputElement} */ (control.node);
  const text = oneText(box);
  if (input.tagName === 'INPUT' && text.includes('\n')) throw new Trouble('one-line');
  if (input.maxLength >= 0 && text.length > input.maxLength) throw new Trouble('too-long', { most: input.maxLength });
  const charset = charsetOf(input);
  if (!canSend(text, charset)) throw new Trouble('charset', { charset });
}

/**
 * Enter a box's texts into its control.
 * @param {Control} control
 * @param {Box} box
 */
function enter(control, box) {
  const stand = standIn(control.node);
  if (stand) return enterRich(stand.entry, oneText(box));
  if (control.kind === 'text') return enterText(/** @type {HTMLInputElement} */ (control.node), oneText(box));
  if (control.kind === 'rich') return enterRich(/** @type {HTMLElement} */ (control.node), oneText(box));
  if (control.kind === 'picker') return enterPicked(/** @type {HTMLInputElement} */ (control.node), oneText(box));
  if (control.kind === 'select') return choose(/** @type {HTMLSelectElement} */ (control.node), box.texts);
  if (control.kind === 'tick') return toggle(control.node, yesOrNo(box.texts[0]));
  if (control.kind === 'radio' || control.kind === 'boxes') return mark(control, box.texts);
  if (control.kind === 'file') throw new Trouble('file');
  return undefined;
}

/** @param {HTMLElement} element */
function focusOn(element) {
  element.focus({ preventScroll: true });
  if (focused() !== element) throw new Trouble('focus-lost');
}

/**
 * Type over what is there. Scripts that calculate on keyup hear one; the browser itself sends none here.
 * @param {HTMLInputElement} input
 * @param {string} text
 */
function enterText(input, text) {
  focusOn(input);
  input.select();
  document.execCommand(text ? 'insertText' : 'delete', false, text);
  input.dispatchEvent(new KeyboardEvent('keyup', { key: text.slice(-1) || 'Delete', bubbles: true, composed: true }));
  input.blur();
}

/**
 * @param {HTMLElement} editor
 * @param {string} text
 */
function enterRich(editor, text) {
  const page = editor.ownerDocument;
  editor.focus({ preventScroll: true });
  /** @type {Selection} */ (page.getSelection()).selectAllChildren(editor);
  page.execCommand('delete');
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    if (at) page.execCommand('insertParagraph');
    if (lines[at]) page.execCommand('insertText', false, lines[at]);
  }
  editor.dispatchEvent(new KeyboardEvent('keyup', { key: text.slice(-1) || 'Delete', bubbles: true, composed: true }));
  editor.blur();
}

/**
 * Set what the browser shows with a picker. React and its kin replace an element's own `value`, so the
 * prototype's setter is used.
 * @param {HTMLInputElement} input
 * @param {string} text
 */
function enterPicked(input, text) {
  focusOn(input);
  const property = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value'));
  Reflect.apply(/** @type {Function} */ (property.set), input, [text]);
  const taken = input.value === text;
  tell(input);
  input.blur();
  if (!taken) throw new Trouble('bad-form', { type: input.type });
}

/** @param {Element} element */
function tell(element) {
  element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  element.dispatchEvent(new Event('change', { bubbles: true }));
}

/**
 * @param {HTMLSelectElement} list
 * @param {string[]} texts
 */
function choose(list, texts) {
  const wanted = [];
  for (const text of list.multiple ? only(texts, isText) : texts) wanted.push(optionOf(list.options, text));
  if (!list.multiple && wanted.length !== 1) throw new Trouble('one-only', { count: wanted.length });
  list.focus({ preventScroll: true });
  for (const option of list.options) option.selected = wanted.includes(option);
  tell(list);
  list.blur();
}

/**
 * Return the one option that shows *text*; throws Trouble `no-option` or `twin-options`.
 * @param {Iterable<Element>} options
 * @param {string} text
 * @returns {HTMLOptionElement}
 */
function optionOf(options, text) {
  const alike = [];
  const places = [];
  let place = 0;
  for (const option of options) {
    place += 1;
    if (option.matches(':disabled') || !isMeant(/** @type {HTMLOptionElement} */ (option), text)) continue;
    alike.push(/** @type {HTMLOptionElement} */ (option));
    places.push(place);
  }
  if (alike.length > 1) throw new Trouble('twin-options', { places });
  if (!alike.length) throw new Trouble(place > 1 ? 'no-option' : 'no-options', { count: place });
  return alike[0];
}

/**
 * Tell whether an option shows *text*. "Choose" and its kin, which have no value, are the blank.
 * @param {HTMLOptionElement} option
 * @param {string} text
 */
function isMeant(option, text) {
  const shown = fold(option.label || option.textContent);
  return fold(text) ? shown.toLowerCase() === fold(text).toLowerCase() : !shown || option.getAttribute('value') === '';
}

/**
 * @param {Element} element a check box, radio button or switch
 * @param {boolean} on
 */
function toggle(element, on) {
  if (isOn(element) === on) return;
  const face = /** @type {HTMLElement} */ (visible(element) ? element : only(labelsOf(element), visible)[0] || element);
  /** @type {HTMLElement} */ (element).focus({ preventScroll: true });
  face.click();
  /** @type {HTMLElement} */ (element).blur();
}

/**
 * Mark the members of a choice that show *texts*, and of check boxes no others.
 * @param {Control} control
 * @param {string[]} texts
 */
function mark(control, texts) {
  if (control.kind === 'radio' && texts.length !== 1) throw new Trouble('one-only', { count: texts.length });
  const wanted = [];
  for (const text of control.kind === 'boxes' ? only(texts, isText) : texts) wanted.push(memberOf(control.members, text));
  if (control.kind === 'boxes') for (const member of control.members) toggle(member, wanted.includes(member));
  else toggle(wanted[0], true);
}

/**
 * @param {Element[]} members
 * @param {string} text
 */
function memberOf(members, text) {
  const alike = only(members, (member) => bare(optionText(member)) === bare(text));
  if (!alike.length) throw new Trouble('no-option', { count: members.length });
  if (alike.length > 1) throw new Trouble('twin-options', { places: [] });
  if (alike[0].matches(':disabled')) throw new Trouble('disabled');
  return alike[0];
}
