/** What those meet who use the views by keyboard, by ear, or in a theme of high contrast; the report of inventory.py is open. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Step } from './window.ts';
import { pick, runCommand, textOf, until, usualMs, webview } from './workbench.ts';

/** Themes that stand for all beside the light one that a window begins with, and how a page and the workbench tell that they have one. */
const themes = [
  { name: 'Dark Modern', kind: 'vscode-dark', workbench: 'vs-dark' },
  { name: 'Dark High Contrast', kind: 'vscode-high-contrast', workbench: 'hc-black' },
  { name: 'Light High Contrast', kind: 'vscode-high-contrast-light', workbench: 'hc-light' },
] as const;

export const senses: readonly Step[] = [
  [
    'walks the Summaries view by keyboard, and each row says its name, its place and what it does',
    async (page) => {
      const tree = page.getByRole('tree', { name: 'Summaries' });
      const row = (name: string | RegExp) => tree.getByRole('treeitem', { name }).first();
      await runCommand(page, 'Explorer: Focus on Summaries View');
      const heard = await row(/^reorder/).getAttribute('aria-label');
      if (!/^reorder, \S+ \S+/.test(heard ?? '')) throw new Error(`heard ${heard}`);
      if ((await row(/^reorder/).getAttribute('aria-level')) !== '3')
        throw new Error('a method lies in a class in a file');
      await page.keyboard.press('Home');
      await focusOn(page, tree, /^inventory\.py|^ledger\.ts|^[A-Z]+\.mps/);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('End');
      const closed = tree.getByRole('treeitem', { expanded: false }).last();
      const name = (await closed.getAttribute('aria-label')) ?? '';
      await focusOn(page, tree, new RegExp(`^${name.split(',')[0]}`));
      await page.keyboard.press('ArrowRight');
      await tree.getByRole('treeitem', { expanded: true, name }).waitFor({ timeout: usualMs });
    },
  ],
  [
    'hears the report: headings, named buttons in the order of the page, and that it was renewed',
    async (page) => {
      const report = webview(page);
      const spoken = await report.locator('body').ariaSnapshot();
      for (const part of [
        /status/,
        /heading "inventory\.py" \[level=1\]/,
        /heading "What it does" \[level=2\]/,
        /button "Summarize again"/,
        /heading "Partitions" \[level=2\]/,
        /heading "Outline" \[level=2\]/,
        /button "reorder"/,
      ])
        if (!part.test(spoken)) throw new Error(`expected ${part} in ${spoken}`);
      const again = report.getByRole('button', { name: 'Summarize again' });
      await again.focus();
      await page.keyboard.press('Tab');
      await textOf(report.locator('button:focus'), /^Correct$/);
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Enter');
      await textOf(report.getByRole('status'), /Summarizing …|The report is renewed/);
      await textOf(report.locator('button:focus'), /^Summarize again$/);
    },
  ],
  [
    'sees the same in light, dark and high contrast, and nothing too faint to read',
    async (page, { looks }) => {
      const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      await readable(page, axe, 'light');
      for (const { name, kind, workbench } of themes) {
        await runCommand(page, 'Preferences: Color Theme');
        await page.locator('.quick-input-widget input[type="text"]').first().fill(name);
        await pick(page, name);
        await page.locator('.quick-input-widget').first().waitFor({ state: 'hidden', timeout: usualMs });
        await page.locator(`.monaco-workbench.${workbench}`).first().waitFor({ timeout: usualMs });
        await webview(page).locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor({ timeout: usualMs });
        await page.screenshot({ path: path.join(looks, `theme-${workbench}.png`) });
        await readable(page, axe, name);
      }
    },
  ],
];

/** Has axe-core look at the report as the editor shows it. @param axe source of the checker, run by the browser's debugger */
async function readable(page: Page, axe: string, theme: string): Promise<void> {
  const frame = await (await webview(page).locator('main').elementHandle())?.ownerFrame();
  if (frame === null || frame === undefined) throw new Error('the report is not shown');
  await frame.evaluate(axe);
  const found = await frame.evaluate('axe.run().then(({ violations }) => violations)');
  const serious = (found as readonly { readonly impact: string }[]).filter(({ impact }) =>
    /serious|critical/.test(impact),
  );
  if (serious.length > 0) throw new Error(`${theme}: ${JSON.stringify(serious).slice(0, 2_000)}`);
}

/** Waits until the row that the keyboard is on has such a name: a tree keeps the focus and names its row by id. */
async function focusOn(page: Page, tree: Locator, name: RegExp): Promise<void> {
  await until(page, `the row ${name}`, async () => {
    const id = await tree.first().getAttribute('aria-activedescendant');
    const label = id === null ? null : await page.locator(`[id="${id}"]`).getAttribute('aria-label');
    return label !== null && name.test(label);
  });
}
