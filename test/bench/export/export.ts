/**
 * `npm run bench:export [-- FILES]`: exports a generated repository of MUMPS routines (34,000 by default, all in one folder, as hospitals keep
 * them) and opens the site in a browser. Prints times beside the time that a plain copy of the same number of files takes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchBrowser } from '../../editor/vscode-server.mjs';

const files = Number(process.argv[2] ?? 34_000);
const root = path.resolve(import.meta.dirname, '../../..');
process.env['VSH_HOME'] ??= path.join(root, '.cache/vscode');

/** Routines of four labels that call the neighbour's, so that every page has calls and partitions. */
function routine(n: number): string {
  const name = nameOf(n);
  const next = nameOf((n + 1) % files);
  const label = (verb: string, calls: string): string =>
    `${verb}(DFN,X) ; ${verb.toLowerCase()} the ${topics[n % topics.length]} of a patient\n N Y,I\n S Y=$G(^DPT(DFN,${n % 90}))\n F I=1:1:10 D\n . I $P(Y,"^",I)="" Q\n . S X=X+$P(Y,"^",I)\n D ${calls}\n Q X\n`;
  return `${name} ;ISC/ABC - ${topics[n % topics.length]} ${n} ;1/1/26\n ;;1.0;GENERATED;\n${label('EN', `GET^${next}(DFN)`)}${label('GET', `SET^${next}(DFN)`)}${label('SET', 'CHK(DFN)')}${label('CHK', `EN^${next}(DFN)`)}`;
}

const topics = ['ward', 'allergy', 'order', 'invoice', 'visit', 'dose', 'bed', 'claim', 'lab result', 'appointment'];

function nameOf(n: number): string {
  return `G${n.toString(36).toUpperCase().padStart(5, '0')}`;
}

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

const scratch = mkdtempSync(path.join(tmpdir(), 'codegloss-export-'));
try {
  const folder = path.join(scratch, 'repo/Routines');
  mkdirSync(folder, { recursive: true });
  const written = seconds(() => {
    for (let n = 0; n < files; n++) writeFileSync(path.join(folder, `${nameOf(n)}.m`), routine(n));
  });
  const env = { ...process.env, CODEGLOSS_HOME: path.join(scratch, 'home') };
  const cli = [path.join(root, 'dist/codegloss.mjs'), 'export', 'repo', '--out', 'site', '--json'];
  const { stdout, stderr, status } = spawnSync(process.execPath, cli, { cwd: scratch, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`export failed: ${stderr}`);
  const { pages, bytes, ms } = JSON.parse(stdout) as { pages: number; bytes: number; ms: number };
  console.log(`load average ${loadavg()[0]?.toFixed(1)}`);
  console.log(`${files} routines: written in ${written.toFixed(1)} s (the machine's own speed)`);
  console.log(
    `exported: ${pages} pages, ${(bytes / 1e6).toFixed(0)} MB in ${(ms / 1000).toFixed(0)} s, ${(ms / files).toFixed(1)} ms a file`,
  );
  await browse(path.join(scratch, 'site'));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function browse(site: string): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const open = (file: string): Promise<unknown> => page.goto(`${pathToFileURL(site).href}/${file}`);
    const timed = async (name: string, work: () => Promise<unknown>): Promise<void> => {
      const start = performance.now();
      await work();
      console.log(`browser: ${name}: ${(performance.now() - start).toFixed(0)} ms`);
    };
    await timed('first page with its file tree', async () => {
      await open('index.html');
      await page.locator('#tree [role=treeitem]').first().waitFor();
    });
    await timed('a folder of all routines opens in the tree', async () => {
      await page.locator('#tree [role=treeitem]').first().click();
      await page.locator('#tree a').first().waitFor();
    });
    await timed('first search, which loads the index', async () => {
      await page.keyboard.press('/');
      await page.keyboard.type('allergy');
      await page.waitForFunction(
        "document.querySelectorAll('#found a').length > 0 && !document.querySelector('#found p')",
      );
    });
    await timed('a search after that', async () => {
      await page.locator('#search').fill('invoice');
      await page.waitForFunction("/invoice/.test(document.querySelector('#found a')?.textContent ?? '')");
    });
    await timed("a file's page", async () => {
      await open(`files/Routines/${nameOf(Math.floor(files / 2))}.m.html`);
      await page.locator('#tree [aria-current]').waitFor();
    });
  } finally {
    await browser.close();
  }
}
