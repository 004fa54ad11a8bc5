/** The first visit: a person with no key reads an untrusted folder, trusts it, divides files, and chooses who speaks. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { senses } from './senses.ts';
import type { Step, Visit } from './window.ts';
import {
  filesBelow,
  notification,
  pointAt,
  runCommand,
  settled,
  slowMs,
  textOf,
  typeInto,
  until,
  usualMs,
  webview,
} from './workbench.ts';

const steps: readonly Step[] = [
  [
    'opens a file in Restricted Mode and reads a lens above a function',
    async (page) => {
      await textOf(page.locator('.codelens-decoration a'), /^(?!Summarize)\S+ \S+ \S+/, slowMs);
      await textOf(page.locator('.statusbar-item'), /Restricted Mode/, usualMs);
    },
  ],
  [
    'trusts the folder, and the lenses stay',
    async (page, { pictures }) => {
      await runCommand(page, 'Workspaces: Manage Workspace Trust');
      await page
        .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ })
        .first()
        .click();
      await page
        .locator('.statusbar-item', { hasText: 'Restricted Mode' })
        .first()
        .waitFor({ state: 'hidden', timeout: usualMs });
      await runCommand(page, 'View: Close Editor');
      await page.locator('.workspace-trust-editor').first().waitFor({ state: 'hidden', timeout: usualMs });
      await textOf(page.locator('.codelens-decoration a'), /^(?!Summarize)\S+ \S+ \S+/, usualMs);
      await settled(page);
      await page.screenshot({ path: path.join(pictures, 'lens.png') });
    },
  ],
  [
    'points at a function and reads what it does',
    async (page, { pictures }) => {
      await pointAt(page, 'reorder');
      await textOf(page.locator('.monaco-hover .hover-contents'), /no model asked|may be incorrect/, usualMs);
      await page.screenshot({ path: path.join(pictures, 'hover.png'), animations: 'disabled' });
      await page.mouse.move(900, 600);
      await page.keyboard.press('Escape');
    },
  ],
  [
    'shows the partitions with their titles, and hides them',
    async (page, { pictures }) => {
      await page.locator('.view-line', { hasText: 'def load' }).first().click();
      await runCommand(page, 'CodeGloss: Show or Hide Partitions');
      const marks = page.locator('.view-lines [class*="ced-"]');
      await marks.first().waitFor({ state: 'attached', timeout: usualMs });
      await page.screenshot({ path: path.join(pictures, 'partitions.png') });
      await runCommand(page, 'CodeGloss: Show or Hide Partitions');
      await marks.first().waitFor({ state: 'detached', timeout: usualMs });
    },
  ],
  [
    'divides a routine, moves the boundary, changes the strategy and finds the boundary again',
    async (page) => {
      await runCommand(page, 'Go to File...');
      await page.locator('.quick-input-widget input[type="text"]').first().fill('STOCK.mps');
      await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'STOCK.mps' }).first().click();
      await page.locator('.view-line', { hasText: 'TAKE(ITEM' }).first().click();
      await runCommand(page, 'CodeGloss: Split Partition Here');
      await titles(page, [/routine STOCK/, /function TAKE/]);
      await runCommand(page, 'CodeGloss: Move Partition Boundary');
      await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'REPORT' }).first().click();
      await titles(page, [/routine STOCK/, /REPORT/]);
      await runCommand(page, 'CodeGloss: Choose Partition Strategy');
      await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Pieces of equal size' }).first().click();
      await titles(page, [/routine STOCK/]);
      await runCommand(page, 'CodeGloss: Choose Partition Strategy');
      await page
        .locator('.quick-input-widget .monaco-list-row', { hasText: 'with the boundaries as you changed them' })
        .first()
        .click();
      await titles(page, [/routine STOCK/, /REPORT/]);
      await runCommand(page, 'CodeGloss: Choose Partition Strategy');
      await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Take back my changes' }).first().click();
      await titles(page, [/routine STOCK/]);
      await runCommand(page, 'CodeGloss: Choose Partition Strategy');
      await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'configured model' }).first().click();
      await notification(page, /divided by its structure: .*cannot choose boundaries/);
      await runCommand(page, 'View: Close Editor');
    },
  ],
  [
    'sets an API key that no file of settings ever holds',
    async (page, { userData }) => {
      const key = 'a-key-of-no-particular-form';
      await runCommand(page, 'CodeGloss: Set API Key');
      await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Anthropic' }).first().click();
      const input = page.locator('.quick-input-widget input[type="password"]');
      await input.waitFor({ timeout: usualMs });
      await input.fill(key);
      await page.keyboard.press('Enter');
      await notification(page, /API key for Anthropic is set/);
      for (const file of filesBelow(userData)) {
        if (/settings|\.log$/.test(file) && readFileSync(file, 'latin1').includes(key))
          throw new Error(`${file} holds the key`);
      }
    },
  ],
  [
    'selects a model server by typing its address, and reads what it says',
    async (page, { server }) => {
      await runCommand(page, 'CodeGloss: Select Model');
      await page
        .locator('.quick-input-widget .monaco-list-row', { hasText: 'OpenAI-compatible server' })
        .first()
        .click();
      await typeInto(page, /Base address/, 'not an address');
      await textOf(page.locator('.quick-input-message'), /starts with http/, usualMs);
      await typeInto(page, /./, `${server.url}/v1`);
      await typeInto(page, /Model name/, 'loopback-model');
      await textOf(page.locator('.codelens-decoration a'), /^Loopback summary of/, slowMs);
      if (server.requests[0]?.model !== 'loopback-model') throw new Error(`asked ${server.requests[0]?.model}`);
    },
  ],
  [
    'gives the outline the word again',
    async (page) => {
      await runCommand(page, 'CodeGloss: Select Model');
      await page
        .locator('.quick-input-widget .monaco-list-row', { hasText: /^Outline/ })
        .first()
        .click();
      await textOf(page.locator('.codelens-decoration a'), /^(?!Loopback|Summariz)\S+ \S+ \S+/, slowMs);
    },
  ],
  [
    'clicks a lens and gets the summary as a document',
    async (page, { pictures }) => {
      const tab = page.locator('.tabs-container .tab', { hasText: 'summary' });
      await until(page, 'the summary', async () => {
        // A lens that is drawn anew under the pointer takes no click: then one clicks again.
        await page.locator('.codelens-decoration a').first().click();
        return tab
          .first()
          .waitFor({ timeout: 5_000 })
          .then(
            () => true,
            () => false,
          );
      });
      await webview(page).locator('h1').first().waitFor({ timeout: usualMs });
      await page.screenshot({ path: path.join(pictures, 'summary.png') });
    },
  ],
  [
    'reads the report, jumps from it to a line, and sees the symbol in the Summaries view',
    async (page, { pictures }) => {
      await page.locator('.tabs-container .tab', { hasText: 'summary' }).first().click({ button: 'middle' });
      await page.locator('.view-line', { hasText: 'def load' }).first().click();
      await runCommand(page, 'CodeGloss: Show Report');
      const report = webview(page);
      await report.locator('h2', { hasText: 'Outline' }).waitFor({ timeout: usualMs });
      await report.locator('.outline button', { hasText: 'reorder' }).click();
      await textOf(page.locator('.statusbar-item'), /Ln 15, /, usualMs);
      await runCommand(page, 'CodeGloss: Reveal in Summaries View');
      await textOf(page.locator('.monaco-list-row.selected'), /reorder/, usualMs);
      // The files' own pane makes room, so that the picture shows the view.
      await page.locator('.pane-header', { hasText: 'workspace' }).first().click();
      await page.screenshot({ path: path.join(pictures, 'report.png') });
    },
  ],
  ...senses,
];

export const reading: Visit = { name: 'person', file: 'inventory.py', trust: true, steps };

/** Waits until the partitions have these titles, which stand behind the first line of each. */
async function titles(page: Page, patterns: readonly RegExp[]): Promise<void> {
  const read = (): Promise<string[]> =>
    page
      .locator('.view-lines [class*="ced-"]')
      .evaluateAll((marks: { readonly ownerDocument: { readonly defaultView: unknown } }[]) =>
        marks
          .map(
            (mark) =>
              (
                mark.ownerDocument.defaultView as {
                  getComputedStyle(of: unknown, part: string): { readonly content: string };
                }
              ).getComputedStyle(mark, '::after').content,
          )
          .filter((content) => content.includes('◂')),
      );
  const start = Date.now();
  for (;;) {
    const seen = await read();
    if (seen.length === patterns.length && patterns.every((pattern) => seen.some((title) => pattern.test(title))))
      return;
    if (Date.now() - start > usualMs) throw new Error(`expected ${patterns.join(', ')}, saw ${JSON.stringify(seen)}`);
    await page.waitForTimeout(50);
  }
}
