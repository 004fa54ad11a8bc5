/**
 * `npm run bench:tree [-- --picture FILE]` (after `npm run package` and one `npm run test:editor`, which installs the editor): how the Summaries view
 * opens and scrolls in a real workbench over a repository of 10,000 symbols, all rows unfolded, beside the editor's own Explorer over as many files.
 *
 * A frame gap is the time between two pictures that the browser draws while the wheel turns; a long task is one over 50 ms in its main thread, as
 * the browser counts them. What the machine does besides falls on both views alike.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { until } from '../../editor/person/workbench.ts';
import { launchBrowser, startServer, workbenchUrl } from '../../editor/vscode-server.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
const folders = 20;
const filesPerFolder = 20;
const functionsPerFile = 25;
/** Of folders above the leaves in either view, one more for the top. */
const levels = 3;
const readyMs = 120_000;
/** Turns of the wheel, and pixels each. */
const turns = 120;
const pixels = 400;

/** As many symbols in `src` as files in `files`, so that both views have the same number of rows. */
function writeRepository(folder: string): void {
  for (let outer = 0; outer < folders; outer += 1) {
    const at = path.join(folder, 'src', `part${outer}`);
    mkdirSync(at, { recursive: true });
    for (let inner = 0; inner < filesPerFolder; inner += 1) {
      const functions = Array.from(
        { length: functionsPerFile },
        (_, index) =>
          `def step_${outer}_${inner}_${index}(value):\n    """Adds ${index} to a value."""\n    return value + ${index}\n`,
      );
      writeFileSync(path.join(at, `module${inner}.py`), functions.join('\n\n'));
    }
    const plain = path.join(folder, 'files', `part${outer}`);
    mkdirSync(plain, { recursive: true });
    for (let index = 0; index < filesPerFolder * (functionsPerFile + 1); index += 1)
      writeFileSync(path.join(plain, `note${index}.txt`), '');
  }
}

interface Smoothness {
  readonly gaps: readonly number[];
  readonly long: readonly number[];
}

/** Scrolls with the wheel, a turn for each picture, and has the page note when it draws. */
async function scroll(page: Page, view: Locator): Promise<Smoothness> {
  const box = await view.boundingBox();
  if (box === null) throw new Error('the view is not shown');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(`
    globalThis.noted = { gaps: [], long: [], on: true };
    let last = performance.now();
    const tick = (now) => { noted.gaps.push(now - last); last = now; if (noted.on) requestAnimationFrame(tick); };
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(tick); });
    noted.watch = new PerformanceObserver((list) => noted.long.push(...list.getEntries().map(({ duration }) => duration)));
    noted.watch.observe({ type: 'longtask' });
  `);
  for (let turn = 0; turn < turns; turn += 1) await page.mouse.wheel(0, turn < turns / 2 ? pixels : -pixels);
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  return (await page.evaluate(
    'noted.on = false, noted.watch.disconnect(), { gaps: noted.gaps, long: noted.long }',
  )) as Smoothness;
}

function described(name: string, rows: number, { gaps, long }: Smoothness): string {
  const sorted = gaps.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
  const sum = long.reduce((total, each) => total + each, 0).toFixed(0);
  return `| ${name} | ${rows} | ${gaps.length} | ${at(0.5)} | ${at(0.95)} | ${at(1)} | ${long.length} (${sum} ms) |`;
}

/** Height of all rows, by the scroll bar's arithmetic: the list draws only those that are seen. */
async function rowsOf(view: Locator): Promise<number> {
  const rows = view.locator('.monaco-list-rows');
  const height = Number(
    await rows.evaluate((each: { readonly style: { readonly height: string } }) =>
      Number.parseFloat(each.style.height),
    ),
  );
  return Math.round(height / 22);
}

async function main(): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'codegloss-tree-'));
  const workspace = path.join(scratch, 'workspace');
  writeRepository(workspace);
  process.env['VSH_HOME'] ??= path.join(root, '.cache/vscode');
  const server = await startServer({
    vsix: [path.join(root, 'codegloss.vsix')],
    userDataDir: path.join(scratch, 'user'),
    machineSettings: { 'codegloss.provider': 'outline' },
    env: { CODEGLOSS_HOME: path.join(scratch, 'home') },
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 720 }, reducedMotion: 'reduce' });
    const start = [
      ['skipWelcome', 'true'],
      ['openFile', server.remote(path.join(workspace, 'src/part0/module0.py'))],
    ] as const;
    await page.goto(workbenchUrl(server.port, workspace, start));
    await page.locator('.codelens-decoration a').first().waitFor({ timeout: readyMs });
    const header = page.locator('.pane-header', { hasText: 'Summaries' }).first();
    const tree = page.getByRole('tree', { name: 'Summaries' });
    const first = tree.getByRole('treeitem').first();
    // Until the index has read all, the view waits for it.
    await header.click();
    await first.waitFor({ timeout: readyMs });
    await page.locator('.pane-header', { hasText: 'workspace' }).first().click();
    const opened: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      await clicked(header, first, 'hidden');
      opened.push(await clicked(header, first, 'visible'));
    }
    console.log(
      `opens: ${opened.map((each) => each.toFixed(0)).join(', ')} ms (from the click to the first row, five times)`,
    );
    console.log('| view | rows | pictures | gap p50 ms | p95 | worst | long tasks |\n|---|---|---|---|---|---|---|');
    await unfold(page, tree, levels);
    console.log(described('Summaries', await rowsOf(tree), await scroll(page, tree)));
    if (process.argv.includes('--picture'))
      await page.screenshot({ path: process.argv[process.argv.indexOf('--picture') + 1] ?? 'tree.png' });
    await header.click();
    await page.locator('.pane-header', { hasText: 'workspace' }).first().click();
    const explorer = page.getByRole('tree', { name: 'Files Explorer' });
    await unfold(page, explorer, levels);
    console.log(described('Explorer', await rowsOf(explorer), await scroll(page, explorer)));
  } finally {
    await browser.close();
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Longer than any answer takes; a header that moves under the pointer loses the click, and a person then clicks again. */
const lostMs = 5_000;

/** Milliseconds from the click that had an effect to what it shows or hides; the driver's round trips count. */
async function clicked(header: Locator, row: Locator, state: 'visible' | 'hidden'): Promise<number> {
  for (let time = 0; time < 10; time += 1) {
    const start = performance.now();
    await header.click();
    const isDone = await row.waitFor({ state, timeout: lostMs }).then(
      () => true,
      () => false,
    );
    if (isDone) return performance.now() - start;
  }
  throw new Error(`the view does not become ${state}`);
}

/** The row that the keyboard is on. */
const focused = (view: Locator): Locator => view.locator('.monaco-list-row.focused').first();

const expanded = (view: Locator): Promise<string | null> => focused(view).getAttribute('aria-expanded');

/** Unfolds all rows by keyboard, from the last to the first, so that what is still to come does not move. @param depth of folders above the leaves */
async function unfold(page: Page, view: Locator, depth: number): Promise<void> {
  // Gives the tree the keyboard; that it folds or unfolds the row makes no difference.
  await view.getByRole('treeitem').first().click();
  for (let level = 0; level < depth; level += 1) {
    const before = await rowsOf(view);
    // By now these are the leaves, which need no key each.
    if (before > (folders * filesPerFolder * functionsPerFile) / 2) break;
    await page.keyboard.press('End');
    for (let row = 0; row < before; row += 1) {
      if ((await expanded(view)) === 'false') {
        await page.keyboard.press('ArrowRight');
        await until(page, 'an open row', async () => (await expanded(view)) !== 'false', readyMs);
      }
      await page.keyboard.press('ArrowUp');
    }
    // Rows come with the answers of the server: all are there when there have been no more for a while.
    let seen = -1;
    await until(
      page,
      'all rows',
      async () => {
        const now = await rowsOf(view);
        if (now === seen) return true;
        seen = now;
        await page.waitForTimeout(2_000);
        return false;
      },
      readyMs,
    );
  }
}

await main();
