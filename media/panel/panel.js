// The report's page: tells the editor what was chosen, shows what it sends, and gives partitions the heights of their lengths.
(() => {
  const editor = typeof acquireVsCodeApi === 'function' ? acquireVsCodeApi() : undefined;
  const main = document.querySelector('main');
  const said = document.querySelector('#said');

  const giveHeights = () => {
    for (const part of main.querySelectorAll('[data-lines]')) part.style.flexGrow = part.dataset.lines;
  };

  /** How to find a button again when all are made anew: by what it does, then by its turn among those that do the same. */
  const placeOf = (button) => {
    const { action, line } = button.dataset;
    const same = action === undefined ? `[data-line="${line}"]` : `[data-action="${action}"]`;
    return { same, turn: [...main.querySelectorAll(same)].indexOf(button) };
  };

  const show = (body) => {
    const focused = main.contains(document.activeElement) ? document.activeElement.closest('button') : null;
    const place = focused === null ? undefined : placeOf(focused);
    const top = document.scrollingElement.scrollTop;
    // Made and escaped by the extension; the policy lets no script in it run.
    main.innerHTML = body;
    giveHeights();
    document.scrollingElement.scrollTop = top;
    if (place !== undefined) main.querySelectorAll(place.same)[place.turn]?.focus({ preventScroll: true });
  };

  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button === null || editor === undefined) return;
    const { line, action } = button.dataset;
    if (line !== undefined) editor.postMessage({ line: Number(line) });
    else if (action !== undefined) editor.postMessage({ action });
  });
  window.addEventListener('message', ({ data }) => {
    if (typeof data?.body === 'string') show(data.body);
    if (typeof data?.said === 'string') said.textContent = data.said;
  });
  giveHeights();
  editor?.postMessage({ action: 'loaded' });
})();
