// Characters that a form of an old character set cannot send: browsers post them as `&#321;`.

/** @type {Record<string, Record<string, boolean>>} */
const repertoires = Object.create(null);

/**
 * Return the character set in which the form of *element* sends its fields.
 * @param {Element} element
 */
function charsetOf(element) {
  const form = /** @type {HTMLInputElement} */ (element).form;
  const asked = form ? (form.getAttribute('accept-charset') || '').split(/[\s,]+/)[0] : '';
  return (asked || document.characterSet).toLowerCase();
}

/**
 * Tell whether a form of this character set can send every character of *text*.
 * @param {string} text
 * @param {string} charset
 */
function canSend(text, charset) {
  if (/^[\x00-\x7f]*$/.test(text) || /^(utf-|gb18030|unicode)/.test(charset)) return true;
  const sendable = repertoire(charset);
  for (const character of text) if (!sendable[character]) return false;
  return true;
}

/**
 * Return the characters of a character set: all that its single bytes and its pairs of bytes stand for.
 * @param {string} charset
 */
function repertoire(charset) {
  if (repertoires[charset]) return repertoires[charset];
  const found = Object.create(null);
  const decoder = new TextDecoder(charset);
  for (const character of decoder.decode(everyByte())) found[character] = true;
  if (/^(big5|euc|gbk|gb2312|shift|sjis|iso-2022)/.test(charset)) {
    const pairs = charset === 'iso-2022-jp' ? new TextDecoder('euc-jp') : decoder;
    for (const character of pairs.decode(everyPair(charset))) found[character] = true;
  }
  delete found['\ufffd'];
  repertoires[charset] = found;
  return found;
}

function everyByte() {
  const bytes = new Uint8Array(256);
  for (let at = 0; at < 256; at += 1) bytes[at] = at;
  return bytes;
}

/**
 * Big5 decodes pairs from 0x87 on but sends only those from 0xA1 on (WHATWG Encoding, "index Big5 pointer").
 * @param {string} charset
 */
function everyPair(charset) {
  const bytes = [];
  for (let lead = charset === 'big5' ? 0xa1 : 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) bytes.push(lead, trail, 0x20);
  }
  return new Uint8Array(bytes);
}
