import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../editor/vscode-server.mjs';
import { type Loopback, startLoopback } from '../loopback/server.ts';
import { type CommandLine, commandLine } from '../unit/cli/commandLine.ts';

const pictures = path.resolve(import.meta.dirname, '../../out/site');

const shop = `/** Adds up what a customer ordered. */
export function orderTotal(prices: number[]): number {
  let total = 0;
  for (const price of prices) {
    total += price;
  }
  return total;
}

export function printOrder(prices: number[]): string {
  const total = orderTotal(prices);
  return \`Order: \${total}\`;
}
`;
const till = `import { printOrder } from './shop.ts';

export function closeTill(orders: number[][]): string[] {
  const slips = orders.map((order) => printOrder(order));
  return slips;
}
`;
const hostile = `/** <img src=x onerror="document.title='owned'"> [a](command:evil) */
export function innocent(text: string): string {
  // </pre></code><script>document.title = 'owned'</script>
  return text + "</script><script>document.title='owned'</script>";
}
`;
const routine = `ADM ; admit a patient
 ;;1.0
EN(DFN) ; entry
 N X
 S X=$$NAME(DFN)
 W X
 Q
NAME(D) ; name of a patient
 Q $P(^DPT(D,0),"^")
`;

let cli: CommandLine;
let model: Loopback;
let browser: Browser;
let page: Page;
const faults: string[] = [];
let siteUrl: string;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  model = await startLoopback();
  cli = commandLine();
  cli.write('repo/src/shop.ts', shop);
  cli.write('repo/src/till.ts', till);
  cli.write("repo/src/<b>owned<'.ts", hostile);
  cli.write('repo/%ADM.m', routine);
  const producer = ['--provider', 'openai', '--model', 'loopback-model', '--endpoint', `${model.url}/v1`];
  const run = await cli.run(['run', 'repo', '--yes', ...producer]);
  expect(run.stderr + run.stdout).not.toMatch(/there is no command/);
  const result = await cli.json(['export', 'repo', '--out', 'site', ...producer]);
  expect(result['pages']).toBeGreaterThan(6);
  siteUrl = pathToFileURL(path.join(cli.folder, 'site')).href;
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => request.url().startsWith('file:') || faults.push(`asked for ${request.url()}`));
});

afterAll(async () => {
  await browser?.close();
  await model?.close();
  cli?.dispose();
});

const open = (file: string): Promise<unknown> => page.goto(`${siteUrl}/${file}`);
const shot = (name: string): Promise<unknown> => page.screenshot({ path: path.join(pictures, `${name}.png`) });

describe('an exported site, opened from the disk', () => {
  it('leads from the first page over the file tree to a file', async () => {
    await open('index.html');
    await page.locator('#tree [role=treeitem]', { hasText: 'src' }).click();
    await page.locator('#tree a', { hasText: 'till.ts' }).click();
    await page.locator('h1', { hasText: 'till.ts' }).waitFor();
    expect(await page.locator('#tree [aria-current]').textContent()).toBe('till.ts');
    await shot('file');
  });

  it('highlights the lines that a claim cites', async () => {
    await open('files/src/shop.ts.html');
    const cite = page.locator('a.cite').first();
    const [first = '', last = ''] = ((await cite.getAttribute('data-lines')) ?? '').split('-');
    await cite.click();
    const cited = await page.locator('.l.cited').evaluateAll((lines) => lines.map((line) => line.id));
    expect(cited[0]).toBe(`L${first}`);
    expect(cited.at(-1)).toBe(`L${last}`);
  });

  it('draws calls that lead to the other file, and partitions beside the code', async () => {
    await open('files/src/till.ts.html');
    await page.locator('.picture a', { hasText: 'printOrder' }).click();
    await page.locator('h1', { hasText: 'shop.ts' }).waitFor();
    expect(await page.locator('.block').count()).toBeGreaterThan(0);
    const code = await page
      .locator('.code')
      .evaluate((element) => [...element.querySelectorAll('.l')].map((line) => line.textContent).join(''));
    expect(code.trimEnd()).toBe(shop.trimEnd());
  });

  it('is found through and moved in by keyboard alone', async () => {
    await open('index.html');
    await page.keyboard.press('/');
    await page.keyboard.type('closetill');
    await page.locator('#found a', { hasText: 'closeTill' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'till.ts' }).waitFor();
    await page.keyboard.press('j');
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('closeTill');
    await page.locator('#tree [tabindex="0"]').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'shop.ts' }).waitFor();
  });

  it('has a light and a dark face, as the reader says', async () => {
    await open('files/src/shop.ts.html');
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.keyboard.press('t');
    expect(await ground()).not.toBe(light);
    await shot('dark');
    await page.keyboard.press('t');
    expect(await ground()).toBe(light);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('groups symbols by what they are about', async () => {
    await open('features.html');
    expect(await page.locator('.topics li').count()).toBeGreaterThan(0);
    await shot('features');
  });

  it('shows hostile names and comments as text', async () => {
    await open('folders/src/index.html');
    await page.locator('.list a', { hasText: 'owned' }).click();
    await page.locator('h1', { hasText: "<b>owned<'.ts" }).waitFor();
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('main img, main script, a[href^="command:"]').count()).toBe(0);
    expect(await page.locator('.code').textContent()).toContain('</script><script>');
  });

  it('opens a MUMPS routine with a percent sign in its name', async () => {
    await open('folders/index.html');
    await page.locator('.list a', { hasText: '%ADM.m' }).click();
    await page.locator('h1', { hasText: '%ADM.m' }).waitFor();
    expect(await page.locator('.symbol h3 a').allTextContents()).toContain('EN');
  });

  it('has no serious accessibility fault', async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    for (const file of ['index.html', 'files/src/shop.ts.html', 'folders/index.html', 'features.html']) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await open(file);
        await page.locator('#tree [role=treeitem]').first().waitFor();
        await page.evaluate(axe);
        const found = await page.evaluate(
          async () =>
            (
              await (
                globalThis as unknown as {
                  axe: {
                    run(
                      options: object,
                    ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
                  };
                }
              ).axe.run({ preload: false })
            ).violations,
        );
        const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(serious.map(({ id, nodes }) => `${file}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
      }
    }
  });

  it('asked nobody and broke nothing meanwhile', () => {
    expect(faults).toEqual([]);
  });
});
