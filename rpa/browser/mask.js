// Black boxes over what is personal in one document, and off again.

({ texts, off }) => {
  const MASK = Symbol.for('keyonce.mask');
  const SHORT = 3;

  /** Compare letters and digits alone: 123-45-6789 is shown as 123456789, ANNA as Anna. */
  const bare = (text) => text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const wanted = [...new Set(texts.map(bare))].filter(Boolean);

  /** A short text, such as a sex or a state, is found where it stands alone, not inside of words. */
  function tells(text) {
    const given = bare(text);
    return wanted.some((one) => (one.length < SHORT ? given === one : given.includes(one)));
  }

  function* roots(root) {
    yield root;
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) yield* roots(element.shadowRoot);
  }

  function* textNodes(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const inside = walker.currentNode.parentElement;
      if (!inside || !inside.closest('script,style,noscript,template,textarea,option')) yield walker.currentNode;
    }
  }

  /** One text of a root without anything between letters and digits, and where each letter of it stands. */
  function run(root) {
    let text = '';
    const places = [];
    for (const node of textNodes(root)) {
      for (let at = 0; at < node.data.length; at += 1) {
        for (const letter of bare(node.data[at])) {
          text += letter;
          places.push([node, at]);
        }
      }
    }
    return { text, places };
  }

  /** The boxes of every place where *one* stands, also where markup or a space divides it. */
  function* boxesOf(one, { text, places }) {
    for (let at = text.indexOf(one); at >= 0; at = text.indexOf(one, at + 1)) {
      const range = document.createRange();
      range.setStart(...places[at]);
      range.setEnd(places[at + one.length - 1][0], places[at + one.length - 1][1] + 1);
      yield* range.getClientRects();
    }
  }

  function* inText() {
    for (const root of roots(document)) {
      const whole = run(root);
      for (const one of wanted) if (one.length >= SHORT) yield* boxesOf(one, whole);
      for (const node of textNodes(root)) {
        if (!wanted.includes(bare(node.data))) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        yield* range.getClientRects();
      }
    }
  }

  function shows(control) {
    if (control.type === 'password') return true;
    if (control.tagName !== 'SELECT') return tells(control.value || control.placeholder || '');
    return [...(control.size > 1 || control.multiple ? control.options : control.selectedOptions)].some((option) =>
      tells(option.label));
  }

  function* inControls() {
    for (const root of roots(document)) {
      for (const control of root.querySelectorAll('input,textarea,select')) {
        if (shows(control)) yield control.getBoundingClientRect();
      }
    }
  }

  function boxes() {
    const found = [...inText(), ...inControls()].filter((box) => box.width && box.height);
    return found.map((box) => [box.left, box.top, box.width, box.height].map(Math.round).join(' ')).sort();
  }

  function styled(element, style) {
    for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value, 'important');
    return element;
  }

  /** In the top layer, so that nothing of the page covers it; closed, so that no style of the page reaches it. */
  function cover(places) {
    const host = styled(document.createElementNS('http://www.w3.org/1999/xhtml', 'div'), {
      all: 'initial', position: 'fixed', inset: '0', 'pointer-events': 'none', display: 'block',
      width: '100%', height: '100%', overflow: 'visible', background: 'transparent', 'z-index': '2147483647',
    });
    const inside = host.attachShadow({ mode: 'closed' });
    for (const place of places) {
      const [left, top, width, height] = place.split(' ').map((size) => Number(size));
      inside.append(styled(document.createElementNS('http://www.w3.org/1999/xhtml', 'div'), {
        position: 'fixed', background: '#000', left: `${left - 2}px`, top: `${top - 2}px`,
        width: `${width + 4}px`, height: `${height + 4}px`,
      }));
    }
    document.documentElement.append(host);
    if (host.showPopover) {
      host.setAttribute('popover', 'manual');
      host.showPopover();
    }
    return host;
  }

  const mask = document.documentElement[MASK];
  if (mask) {
    // What moved or was written since then may have been seen beside its box.
    const held = !mask.host || (mask.host.isConnected && mask.places.join() === boxes().join());
    if (mask.host) mask.host.remove();
    delete document.documentElement[MASK];
    if (off) return held;
  }
  if (off) return false;
  const frameset = document.body && document.body.tagName === 'FRAMESET'; // it shows nothing of its own
  const places = frameset ? [] : boxes();
  document.documentElement[MASK] = { host: frameset ? null : cover(places), places };
  return true;
};
