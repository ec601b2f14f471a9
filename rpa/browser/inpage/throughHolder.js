// Where a place inside a frame of another origin stands in the page that holds it; null where that is covered.

(frame, [x, y]) => {
  const box = frame.getBoundingClientRect();
  const style = getComputedStyle(frame);
  const place = [
    x + box.left + frame.clientLeft + parseFloat(style.paddingLeft || '0'),
    y + box.top + frame.clientTop + parseFloat(style.paddingTop || '0'),
  ];
  return frame.ownerDocument.elementFromPoint(...place) === frame ? place : null;
};
