// Why something cannot be done, in a word that Python turns into a sentence.

/** `kind` is one of the words of problems.py; `facts` never hold a value of a field. */
class Trouble {
  /**
   * @param {string} kind
   * @param {object} [facts]
   */
  constructor(kind, facts) {
    this.kind = kind;
    this.facts = facts || {};
  }
}

/**
 * Write JSON by hand: old libraries give Array.prototype a `toJSON` that JSON.stringify obeys.
 * @param {unknown} value
 * @returns {string}
 */
function json(value) {
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += (text && ',') + json(item);
    return `[${text}]`;
  }
  const fields = /** @type {Record<string, unknown>} */ (value);
  for (const key of Object.keys(fields)) text += `${text && ','}${JSON.stringify(key)}:${json(fields[key])}`;
  return `{${text}}`;
}

/**
 * Return what *act* returns, or the trouble it met.
 * @template T
 * @param {() => T} act
 * @returns {T | Trouble}
 */
function attempt(act) {
  try {
    return act();
  } catch (trouble) {
    if (trouble instanceof Trouble) return trouble;
    throw trouble;
  }
}
