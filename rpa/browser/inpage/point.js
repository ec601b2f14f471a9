// Where the real mouse has to click: hit-tested, carried out through the frames around the page.

/**
 * Return where to click: JSON `{ x, y, up }` in the window of the outermost frame this page may look into,
 * `up` frames above this one; or `{ trouble, facts }`.
 * @param {Target & { row: RowJob | null, wait: number }} job
 * @returns {Promise<string>}
 */
async function point(job) {
  const until = performance.now() + job.wait;
  for (;;) {
    const found = attempt(() => place(job));
    if (!(found instanceof Trouble)) return json(found);
    if (performance.now() >= until || found.kind === 'bad-css') return json({ trouble: found.kind, facts: found.facts });
    await pause(10);
  }
}

/** @param {Target & { row: RowJob | null }} job */
function place(job) {
  const element = pressable(job, job.row ? rowOf(job.row) : null);
  if (element.matches(':disabled,[disabled]') || around(element, '[aria-disabled=true],[inert]')) throw new Trouble('disabled');
  mustBeComplete(element);
  mustStandStill(element);
  return outward(element, exposed(element));
}

/**
 * Carry a place out through the frames around this page, as far as they may be looked into.
 * @param {Element} element
 * @param {[number, number]} spot
 */
function outward(element, spot) {
  let [x, y] = spot;
  let up = 0;
  let inside = element.ownerDocument.defaultView;
  while (inside && inside !== inside.parent && inside.frameElement) {
    const frame = inside.frameElement;
    [x, y] = throughFrame(frame, x, y);
    if (under(frame.ownerDocument, x, y) !== frame) throw new Trouble('covered', { by: 'something over its frame' });
    inside = frame.ownerDocument.defaultView;
    up += 1;
  }
  return { x, y, up };
}

/**
 * Return where a place inside a frame stands in the page that holds the frame.
 * @param {Element} frame
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]}
 */
function throughFrame(frame, x, y) {
  const box = frame.getBoundingClientRect();
  const style = getComputedStyle(frame);
  return [
    x + box.left + frame.clientLeft + parseFloat(style.paddingLeft || '0'),
    y + box.top + frame.clientTop + parseFloat(style.paddingTop || '0'),
  ];
}
