/** What the pages do beside being read: file tree, search, cited lines, themes, keys. Works from a disk: data comes as scripts, not by fetch. */
(() => {
  const page = document.documentElement;
  const root = page.dataset.root ?? '';
  const here = page.dataset.path;
  const mostShown = 500;
  const mostFound = 50;

  const theme = {
    get: () => {
      try {
        return localStorage.getItem('codegloss-theme');
      } catch {
        return null;
      }
    },
    set: (value) => {
      try {
        localStorage.setItem('codegloss-theme', value);
      } catch {
        // Pages from a disk may have no storage: the theme then lasts as long as the page.
      }
    },
  };
  const kept = theme.get();
  if (kept === 'light' || kept === 'dark') page.dataset.theme = kept;

  function switchTheme() {
    const isDark = page.dataset.theme
      ? page.dataset.theme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    page.dataset.theme = isDark ? 'light' : 'dark';
    theme.set(page.dataset.theme);
  }

  function load(file) {
    const script = document.createElement('script');
    script.src = `${root}assets/${file}`;
    document.head.append(script);
  }

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  const encoded = (path) => path.split('/').map(encodeURIComponent).join('/');

  // File tree: a folder's items are made when it is opened.

  function folderItem([name, folders, files], path) {
    const item = element('span', { role: 'treeitem', tabindex: '-1', 'aria-expanded': 'false' }, name);
    const list = element('ul', { role: 'group', hidden: '' });
    const open = (wanted) => {
      item.setAttribute('aria-expanded', String(wanted));
      list.hidden = !wanted;
      if (wanted && list.childElementCount === 0) fill(list, folders, files, path);
    };
    item.addEventListener('click', () => open(list.hidden));
    item.codeglossOpen = open;
    if (here !== undefined && (here === path || here.startsWith(`${path}/`))) open(true);
    return element('li', { role: 'none' }, item, list);
  }

  function fileItem(name, path) {
    const link = element('a', { role: 'treeitem', tabindex: '-1', href: `${root}files/${encoded(path)}.html` }, name);
    if (path === here) link.setAttribute('aria-current', 'page');
    return element('li', { role: 'none' }, link);
  }

  function fill(list, folders, files, path) {
    const below = (name) => (path === '' ? name : `${path}/${name}`);
    for (const folder of folders) list.append(folderItem(folder, below(folder[0])));
    const current = files.findIndex((name) => below(name) === here);
    const first = Math.max(0, Math.min(current - mostShown / 2, files.length - mostShown));
    for (const name of files.slice(first, first + mostShown)) list.append(fileItem(name, below(name)));
    if (files.length > mostShown) {
      const all = element('a', {
        role: 'treeitem',
        tabindex: '-1',
        href: `${root}folders/${path === '' ? '' : `${encoded(path)}/`}index.html`,
      });
      all.textContent = `all ${files.length} files`;
      list.append(element('li', { role: 'none' }, all));
    }
  }

  function showTree(top) {
    const tree = document.getElementById('tree');
    const list = element('ul', { role: 'tree', 'aria-label': 'Files' });
    fill(list, top[1], top[2], '');
    tree.replaceChildren(list);
    const current = list.querySelector('[aria-current]') ?? list.querySelector('[role=treeitem]');
    current?.setAttribute('tabindex', '0');
    // Not scrollIntoView: it would scroll the page, too.
    if (current?.hasAttribute('aria-current')) tree.scrollTop = current.offsetTop - tree.clientHeight / 2;
    list.addEventListener('keydown', (event) => moveInTree(list, event));
  }

  function moveInTree(list, event) {
    const items = [...list.querySelectorAll('[role=treeitem]')].filter((item) => item.offsetParent !== null);
    const at = items.indexOf(event.target);
    const item = items[at];
    if (item === undefined) return;
    const isFolder = item.hasAttribute('aria-expanded');
    const isOpen = item.getAttribute('aria-expanded') === 'true';
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    let next = items[steps[event.key] ?? -1];
    if (event.key === 'ArrowRight' && isFolder) {
      if (isOpen) next = items[at + 1];
      else item.codeglossOpen(true);
    } else if (event.key === 'ArrowLeft') {
      if (isFolder && isOpen) item.codeglossOpen(false);
      else next = item.closest('ul')?.previousElementSibling ?? undefined;
    } else if (event.key === 'Enter' || event.key === ' ') item.click();
    else if (!(event.key in steps)) return;
    event.preventDefault();
    if (next === undefined || next === null) return;
    item.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  }

  // Search: shards are loaded when the field is first used.

  const rows = [];
  let shards;
  let arrived = 0;
  const input = document.getElementById('search');
  const found = document.getElementById('found');

  function rank([name, , , , text], wanted) {
    const lower = name.toLowerCase();
    const last = lower.slice(Math.max(lower.lastIndexOf('.'), lower.lastIndexOf('/')) + 1);
    if (lower === wanted || last === wanted) return 0;
    if (lower.startsWith(wanted) || last.startsWith(wanted)) return 1;
    if (lower.includes(wanted)) return 2;
    return text.toLowerCase().includes(wanted) ? 3 : -1;
  }

  function search() {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) {
      found.hidden = true;
      return;
    }
    const best = [[], [], [], []];
    for (const row of rows) {
      let worst = 0;
      for (const word of words) {
        const own = rank(row, word);
        if (own < 0) {
          worst = -1;
          break;
        }
        worst = Math.max(worst, own);
      }
      if (worst >= 0 && best[worst].length < mostFound) best[worst].push(row);
    }
    const hits = best.flat().slice(0, mostFound);
    const items = hits.map(([name, kind, path, line, text], index) => {
      const href = `${root}files/${encoded(path)}.html${line > 0 ? `#L${line + 1}` : ''}`;
      const small = element('small', {}, `${kind} · ${path}${text === '' ? '' : ` · ${text}`}`);
      return element(
        'a',
        { href, role: 'option', id: `hit${index}`, tabindex: '-1', 'aria-selected': String(index === 0) },
        name,
        small,
      );
    });
    const state =
      shards !== undefined && arrived < shards ? 'loading…' : hits.length === 0 ? 'Nothing found.' : undefined;
    found.replaceChildren(...items, ...(state === undefined ? [] : [element('p', {}, state)]));
    found.hidden = false;
  }

  function startSearch() {
    if (shards === undefined) load('shards.js');
    search();
  }

  function moveInFound(event) {
    const items = [...found.querySelectorAll('a')];
    const at = items.findIndex((item) => item.getAttribute('aria-selected') === 'true');
    if (event.key === 'Escape') {
      found.hidden = true;
      input.blur();
    } else if (event.key === 'Enter') items[at]?.click();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = Math.max(0, Math.min(items.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)));
      items.forEach((item, index) => {
        item.setAttribute('aria-selected', String(index === next));
      });
      items[next]?.scrollIntoView({ block: 'nearest' });
      if (items[next]) input.setAttribute('aria-activedescendant', items[next].id);
      event.preventDefault();
    }
  }

  // Cited lines.

  function cite(span) {
    for (const line of document.querySelectorAll('.l.cited')) line.classList.remove('cited');
    const [first, last] = span.split('-').map(Number);
    for (let line = first; line <= last; line++) document.getElementById(`L${line}`)?.classList.add('cited');
  }

  function moveInSymbols(step) {
    const links = [...document.querySelectorAll('.symbol h3 a')];
    const at = links.indexOf(document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
  }

  globalThis.codegloss = {
    tree: showTree,
    shards(count) {
      shards = count;
      for (let shard = 0; shard < count; shard++) load(`search-${shard}.js`);
    },
    shard(_, { paths, rows: more }) {
      for (const [name, kind, path, line, text] of more) rows.push([name, kind, paths[path], line, text]);
      arrived++;
      if (document.activeElement === input) search();
    },
  };

  load('tree.js');
  document.getElementById('theme').addEventListener('click', switchTheme);
  input.addEventListener('focus', startSearch);
  input.addEventListener('input', search);
  input.addEventListener('keydown', moveInFound);
  document.addEventListener('click', (event) => {
    const cited = event.target.closest?.('a[data-lines]');
    if (cited) cite(cited.dataset.lines);
    if (!event.target.closest?.('.search')) found.hidden = true;
  });
  document.addEventListener('keydown', (event) => {
    if (event.target.closest?.('input') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') {
      event.preventDefault();
      input.focus();
    } else if (event.key === 't') switchTheme();
    else if (event.key === 'j') moveInSymbols(1);
    else if (event.key === 'k') moveInSymbols(-1);
  });
})();
