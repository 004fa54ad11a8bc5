import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReportData, reportBody, reportPage, type Words } from '../../client/src/views/reportHtml.ts';
import { launchBrowser } from '../editor/vscode-server.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const pictures = path.join(root, 'out/site');
const origin = 'http://panel.test';

const usage = { input: 1200, cached: 200, output: 90, cost: 0.0021 };
const report: ReportData = {
  report: {
    name: 'inventory.py',
    language: 'python',
    lines: 40,
    module: {
      freshness: 'stale',
      notes: ['Outdated: the code has changed since.'],
      line: 'Keeps an inventory.',
      paragraph: 'It reads items from a file and says what to order again.',
      claims: [{ text: 'It reads a CSV file.', startLine: 2, endLine: 6 }],
      source: 'by claude-haiku-5-5; may be incorrect',
      basis: [{ role: 'callee', path: 'stock.py', symbol: 'Stock.count' }],
      usage,
      createdAt: 1_700_000_000_000,
    },
    outline: [
      {
        name: 'Inventory',
        kind: 'class',
        startLine: 3,
        endLine: 30,
        depth: 0,
        line: 'Holds items.',
        freshness: 'fresh',
      },
      {
        name: 'reorder',
        kind: 'method',
        startLine: 14,
        endLine: 20,
        depth: 1,
        line: 'Lists what is low.',
        freshness: 'stale',
      },
    ],
  },
  partitions: [
    { startLine: 0, endLine: 10, title: 'Imports', tokens: 80 },
    { startLine: 10, endLine: 40, title: 'class Inventory', tokens: 400 },
  ],
};

/** What the editor does with words that nobody translated. */
const english: Words = {
  t: (message, ...values) => message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
};

let browser: Browser;
let page: Page;
let requests: string[] = [];

async function show(data: ReportData): Promise<void> {
  requests = [];
  const assets = {
    cspSource: origin,
    style: `${origin}/panel.css`,
    script: `${origin}/panel.js`,
    nonce: 'abc123',
  };
  const html = reportPage(data, assets, english, 'en');
  await page.unroute('**/*');
  await page.route('**/*', (route) => {
    const url = route.request().url();
    requests.push(url);
    const name = new URL(url).pathname.slice(1);
    if (url === `${origin}/`) return route.fulfill({ contentType: 'text/html', body: html });
    if (url.startsWith(origin) && /^panel\.(css|js)$/.test(name)) {
      const contentType = name.endsWith('css') ? 'text/css' : 'text/javascript';
      return route.fulfill({ contentType, body: readFileSync(path.join(root, 'media/panel', name)) });
    }
    return route.abort();
  });
  await page.goto(`${origin}/`);
}

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  // Stands where the editor's own function would.
  await page.addInitScript(
    'globalThis.sent = []; globalThis.acquireVsCodeApi = () => ({ postMessage: (m) => sent.push(m) });',
  );
});
afterAll(async () => browser.close());

describe('the report panel', () => {
  it('has no serious accessibility fault', async () => {
    await show(report);
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    // The page's policy forbids scripts that it does not name; the checker is run by the browser's debugger instead.
    await page.evaluate(axe);
    const violations = (await page.evaluate('axe.run().then((result) => result.violations)')) as readonly {
      readonly id: string;
      readonly impact: string;
    }[];
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    await page.screenshot({ path: path.join(pictures, 'report-panel.png') });
  });

  it('jumps to lines by mouse and keyboard', async () => {
    await show(report);
    await page.getByRole('button', { name: 'lines 3–6' }).click();
    await page.getByRole('button', { name: 'reorder' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Summarize again' }).click();
    expect(await page.evaluate('sent')).toEqual([
      { action: 'loaded' },
      { line: 2 },
      { line: 14 },
      { action: 'summarize' },
    ]);
  });

  it('keeps the focus where it is when the report is renewed, and says so to those who hear it', async () => {
    await show(report);
    await page.getByRole('button', { name: 'Summarize again' }).focus();
    const renewed = {
      ...report,
      report: { ...report.report, lines: 41, module: { ...report.report.module, notes: [] } },
    };
    await page.evaluate(
      `postMessage(${JSON.stringify({ body: reportBody(renewed, english), said: 'It is renewed.' })})`,
    );
    await page.getByText('41 lines').waitFor();
    expect(await page.evaluate('document.activeElement.dataset.action')).toBe('summarize');
    expect(await page.getByRole('status').textContent()).toBe('It is renewed.');
    expect(
      await page.evaluate('[...document.querySelectorAll("[data-lines]")].map((each) => each.style.flexGrow)'),
    ).toEqual(['10', '30']);
  });

  it('gives partitions the heights of their lengths', async () => {
    await show(report);
    const grow = await page.evaluate(
      '[...document.querySelectorAll("[data-lines]")].map((each) => each.style.flexGrow)',
    );
    expect(grow).toEqual(['10', '30']);
  });

  it('runs nothing and loads nothing that a repository or a model wrote', async () => {
    const evil = `</title></script><script>sent.push('ran')</script><img src="http://evil.test/x" onerror="sent.push('ran')"><a href="command:evil">x</a>\u202e\u0007`;
    const line = {
      ...report.report.outline[0],
      name: evil,
      kind: evil,
      line: evil,
      startLine: 0,
      endLine: 1,
      depth: 0,
      freshness: 'fresh' as const,
    };
    const module = {
      ...report.report.module,
      line: evil,
      paragraph: evil,
      notes: [evil],
      source: evil,
      claims: [{ text: evil, startLine: 0, endLine: 1 }],
      basis: [{ role: 'callee' as const, path: evil, symbol: evil }],
    };
    const hostile = {
      report: { ...report.report, name: evil, language: evil, module, outline: [line] },
      partitions: [{ startLine: 0, endLine: 1, title: evil, tokens: 1 }],
    };
    await show(hostile);
    await page.evaluate(`postMessage(${JSON.stringify({ body: reportBody(hostile, english), said: 'Renewed.' })})`);
    await page.getByRole('status').filter({ hasText: 'Renewed.' }).waitFor();
    expect(await page.evaluate('sent')).toEqual([{ action: 'loaded' }]);
    expect(requests).toEqual([`${origin}/`, `${origin}/panel.css`, `${origin}/panel.js`]);
    expect(await page.evaluate('document.querySelectorAll("img, a, iframe, form").length')).toBe(0);
    expect(await page.evaluate('/[\\u202e\\u0007]/.test(document.documentElement.outerHTML)')).toBe(false);
  });
});
