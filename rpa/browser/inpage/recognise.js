// Whether a page of the map is the one on the screen.

/**
 * Tell whether the page shows what its map names: more than half of its fields, buttons and tables.
 * A field may stand there only sometimes, so not all of them are asked for.
 * @param {{ fields: Box[], buttons: Target[], tables: (TableJob & { empty: string[] })[] }} job
 * @returns {boolean}
 */
function recognises(job) {
  let there = 0;
  for (const box of job.fields) if (!(attempt(() => readOne(box)) instanceof Trouble)) there += 1;
  for (const button of job.buttons) if (!(attempt(() => pressable(button, null)) instanceof Trouble)) there += 1;
  for (const table of job.tables) if (containsAny(table.empty) || attempt(() => tableOf(table))) there += 1;
  return there * 2 > job.fields.length + job.buttons.length + job.tables.length;
}
