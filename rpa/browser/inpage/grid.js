// Tables as a person sees them: rows and columns, with spans filled in.

const TABLE = 'table,[role=table],[role=grid],[role=treegrid]';
const LINE = 'tr,[role=row]';
const FIELD = 'td,th,[role=cell],[role=gridcell],[role=columnheader],[role=rowheader]';

let grids = new WeakMap();

/**
 * Return the cells of a table by row and column; a cell that spans stands in each place it covers.
 * @param {Element} table
 * @returns {{ lines: Element[][], rows: Element[] }}
 */
function gridOf(table) {
  /** @type {Element[][]} */
  const lines = [];
  const rows = [];
  for (const row of table.querySelectorAll(LINE)) if (around(parentOf(row), TABLE) === table) rows.push(row);
  for (let at = 0; at < rows.length; at += 1) layRow(lines, rows[at], at);
  return { lines, rows };
}

/**
 * @param {Element[][]} lines
 * @param {Element} row
 * @param {number} at
 */
function layRow(lines, row, at) {
  lines[at] = lines[at] || [];
  let column = 0;
  for (const cell of row.children) {
    if (!cell.matches(FIELD)) continue;
    while (lines[at][column]) column += 1;
    const down = /** @type {HTMLTableCellElement} */ (cell).rowSpan || 1;
    const across = /** @type {HTMLTableCellElement} */ (cell).colSpan || 1;
    for (let y = at; y < at + down; y += 1) {
      lines[y] = lines[y] || [];
      for (let x = column; x < column + across; x += 1) lines[y][x] = lines[y][x] || cell;
    }
  }
}

/**
 * Return the grid that *cell* stands in, its row and its first column.
 * @param {Element} cell
 */
function placeOf(cell) {
  const table = around(parentOf(cell), TABLE) || /** @type {Element} */ (cell.parentNode);
  const grid = grids.get(table) || gridOf(table);
  grids.set(table, grid);
  const line = /** @type {Element} */ (cell.parentNode);
  let row = 0;
  while (row < grid.rows.length && grid.rows[row] !== line) row += 1;
  const cells = grid.lines[row] || [];
  let column = 0;
  while (column < cells.length && cells[column] !== cell) column += 1;
  return { lines: grid.lines, rows: grid.rows, row, column };
}

/**
 * Tell whether a cell only makes room.
 * @param {Element} cell
 */
function isBlank(cell) {
  return !cell.querySelector(CONTROL) && !labelText(cell);
}
