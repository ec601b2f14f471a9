// File fields: found here, given their file by the browser driver, asked here what they show.

/** @type {HTMLInputElement | null} */
let receiver = null;

/**
 * Look for the file field: JSON `{ found: true }`, or `{ trouble, facts }`.
 * @param {Target} job
 * @returns {string}
 */
function seekFile(job) {
  const found = attempt(() => {
    const control = find(job);
    if (control.kind !== 'file') throw new Trouble('no-file-field');
    if (control.node.matches(':disabled')) throw new Trouble('disabled');
    receiver = /** @type {HTMLInputElement} */ (control.node);
  });
  return json(found instanceof Trouble ? { trouble: found.kind, facts: found.facts } : { found: true });
}

/** Return the element that `seekFile` found. */
function fileElement() {
  return receiver;
}

/**
 * Tell whether the field shows the file, or, where an upload has replaced the field, the page names it.
 * @param {{ name: string, wait: number }} job
 */
async function attached(job) {
  const until = performance.now() + job.wait;
  while (!showsFile(job.name) && performance.now() < until) await pause(10);
  return json({ shown: showsFile(job.name) });
}

/** @param {string} name */
function showsFile(name) {
  const file = receiver && receiver.isConnected && receiver.files && receiver.files[0];
  return file ? file.name === name : contains(name);
}
