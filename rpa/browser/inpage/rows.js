// Tables of results, known by their headings.

/** @typedef {{ columns: Record<string, string>, css: string | null }} TableJob */
/** @typedef {{ index: number, texts: Record<string, string>, table: TableJob }} RowJob */

/** What sorting adds to a heading. */
const SORT_SIGNS = /[\u2190-\u21ff\u25b2-\u25c5\u2b61-\u2b65\u2b06\u2b07\u{1f53c}\u{1f53d}]/gu;

/** @param {Element} cell */
function headingText(cell) {
  let text = inner(cell);
  for (const button of cell.querySelectorAll('input[type=submit],input[type=button]')) {
    text += ` ${/** @type {HTMLInputElement} */ (button).value}`;
  }
  return bare(text.replace(SORT_SIGNS, ' '));
}

/**
 * Return where each wanted column stands and the row of headings, or null where the table is another one.
 * @param {Element} table
 * @param {Record<string, string>} columns
 */
function headed(table, columns) {
  const grid = gridOf(table);
  for (let at = 0; at < grid.lines.length; at += 1) {
    const texts = [];
    for (const cell of grid.lines[at] || []) texts.push(cell ? headingText(cell) : '');
    const where = placesOf(texts, grid.lines[at] || [], columns);
    if (where) return { table, grid, where, heading: at };
  }
  return null;
}

/**
 * @param {string[]} texts
 * @param {Element[]} cells
 * @param {Record<string, string>} columns
 * @returns {Record<string, number> | null}
 */
function placesOf(texts, cells, columns) {
  const where = Object.create(null);
  for (const name of Object.keys(columns)) {
    const wanted = bare(columns[name]);
    const first = texts.indexOf(wanted);
    if (first < 0) return null;
    const last = texts.lastIndexOf(wanted);
    if (cells[first] !== cells[last]) throw new Trouble('twin-headings', { heading: columns[name] });
    where[name] = first;
  }
  return where;
}

/**
 * Return the innermost table that has all headings, or null; of two, the one that has rows (a scrolling table
 * keeps its headings in a table of their own). Throws Trouble `several-tables`.
 * @param {TableJob} job
 */
function tableOf(job) {
  /** @type {{ table: Element, rows: { row: Element, cells: Record<string, Element> }[] }[]} */
  const found = [];
  for (const table of job.css === null ? all(TABLE) : allByCss(job.css)) {
    const met = visible(table) && headed(table, job.columns);
    if (met) found.push({ ...met, rows: dataRows(met) });
  }
  const inmost = only(found, (outer) => !only(found, (other) => other !== outer && holds(outer.table, other.table)).length);
  const filled = inmost.length > 1 ? only(inmost, (one) => one.rows.length > 0) : inmost;
  if (filled.length > 1) throw new Trouble('several-tables', { count: filled.length });
  return filled[0] || inmost[0] || null;
}

/** @typedef {{ grid: { lines: Element[][], rows: Element[] }, where: Record<string, number>, heading: number }} Headed */

/**
 * Return the rows that `allRows` gives, as far as they can be seen.
 * @param {Headed} found
 */
function dataRows(found) {
  return only(allRows(found), ({ row }) => visible(row));
}

/**
 * Return the rows below the headings that have a cell of its own in each wanted column: no pager, no footer,
 * no repeated headings.
 * @param {Headed} found
 */
function allRows({ grid, where, heading }) {
  const rows = [];
  for (let at = heading + 1; at < grid.rows.length; at += 1) {
    const row = grid.rows[at];
    const cells = Object.create(null);
    for (const name of Object.keys(where)) cells[name] = (grid.lines[at] || [])[where[name]];
    if (!around(row, 'tfoot,thead') && isData(cells)) rows.push({ row, cells });
  }
  return rows;
}

/** @param {Record<string, Element | undefined>} cells */
function isData(cells) {
  /** @type {Element[]} */
  const met = [];
  for (const name of Object.keys(cells)) {
    const cell = cells[name];
    if (!cell || met.includes(cell)) return false;
    met.push(cell);
  }
  return !allHeadings(met);
}

/** @param {Element[]} cells a row may begin with a heading of its own, so a single `th` says nothing */
function allHeadings(cells) {
  if (cells.length === 1) return cells[0].matches('[role=columnheader]');
  for (const cell of cells) if (!cell.matches('th,[role=columnheader]')) return false;
  return true;
}

/**
 * Return what a cell shows: its text, what stands in its boxes, or else what its picture is called.
 * @param {Element} cell
 */
function cellText(cell) {
  let text = inner(cell, PRESSABLE);
  for (const control of cell.querySelectorAll(CONTROL)) {
    if (visible(control)) text += ` ${shownTexts({ node: control, kind: kindOf(control), members: [] }, null).join('; ')}`;
  }
  if (!fold(text)) for (const image of cell.querySelectorAll('img')) text += ` ${image.getAttribute('alt') || image.title}`;
  return fold(text);
}

/** @param {Record<string, Element>} cells */
function rowTexts(cells) {
  /** @type {Record<string, string>} */
  const texts = {};
  for (const name of Object.keys(cells)) texts[name] = cellText(cells[name]);
  return texts;
}

/**
 * Return how many rows with these headings nobody can see: of groups that are folded, of tables that are hidden.
 * The empty row that scripts copy is none.
 * @param {TableJob} job
 */
function hiddenRows(job) {
  let hidden = 0;
  for (const table of job.css === null ? all(TABLE) : allByCss(job.css)) {
    const met = attempt(() => headed(table, job.columns));
    for (const { row, cells } of met && !(met instanceof Trouble) ? allRows(met) : []) if (!visible(row) && holdsText(cells)) hidden += 1;
  }
  return hidden;
}

/** @param {Record<string, Element>} cells */
function holdsText(cells) {
  for (const name of Object.keys(cells)) {
    if (isText(cells[name].textContent)) return true;
    for (const input of cells[name].querySelectorAll('input,textarea')) if (isText(/** @type {HTMLInputElement} */ (input).value)) return true;
  }
  return false;
}

/**
 * Return the rows of a table: JSON `{ rows: [{ index, texts }], hidden }`, rows null where there is no such table.
 * @param {TableJob} job
 * @returns {string}
 */
function rows(job) {
  const found = attempt(() => tableOf(job));
  if (found instanceof Trouble) return json({ trouble: found.kind, facts: found.facts });
  const hidden = attempt(() => hiddenRows(job));
  if (hidden instanceof Trouble) return json({ trouble: hidden.kind, facts: hidden.facts });
  if (!found) return json({ rows: null, hidden });
  const shown = [];
  for (let index = 0; index < found.rows.length; index += 1) shown.push({ index, texts: rowTexts(found.rows[index].cells) });
  return json({ rows: shown, hidden });
}

/**
 * Return the element of a row that was read before; throws Trouble `moved` if another stands there now.
 * @param {RowJob} job
 */
function rowOf(job) {
  const found = tableOf(job.table);
  const row = found && found.rows[job.index];
  if (!row) throw new Trouble('moved');
  const now = rowTexts(row.cells);
  for (const name of Object.keys(job.texts)) if (now[name] !== job.texts[name]) throw new Trouble('moved');
  return row.row;
}
