// Whether the browser itself would let a form go.

/**
 * Throw where the browser would not send the form of the button at *element*: it only points at a field then, and
 * nothing is sent. A button with a script of its own may send the form unchecked, so nothing is said about that.
 * @param {Element} element
 */
function mustBeComplete(element) {
  const button = /** @type {HTMLButtonElement | null} */ (around(element, 'button,input'));
  if (!button || !button.form || !['submit', 'image'].includes(button.type) || button.hasAttribute('onclick')) return;
  if (button.formNoValidate || button.form.hasAttribute('novalidate')) return;
  for (const field of all('input:invalid,select:invalid,textarea:invalid', null)) {
    if (/** @type {HTMLInputElement} */ (field).form !== button.form) continue;
    const control = controlOf(field);
    throw new Trouble('incomplete', { field: (control && ownLabel(control)) || attributes(field, ['name'])[0] || 'a field' });
  }
}
