// The report's page: tells the editor what was chosen, and gives partitions the heights of their lengths.
(() => {
  const editor = typeof acquireVsCodeApi === 'function' ? acquireVsCodeApi() : undefined;
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button === null || editor === undefined) return;
    const { line, action } = button.dataset;
    if (line !== undefined) editor.postMessage({ line: Number(line) });
    else if (action !== undefined) editor.postMessage({ action });
  });
  for (const part of document.querySelectorAll('[data-lines]')) {
    part.style.flexGrow = part.dataset.lines;
  }
})();
