/** Uses the packaged extension as a person does: looks, points, clicks and types in the real workbench, and takes pictures. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { type Loopback, startLoopback } from '../loopback/server.ts';
import { type EditorServer, launchBrowser, startServer, workbenchUrl } from './vscode-server.mjs';

export interface Session {
  readonly vsix: string;
  readonly workspace: string;
  readonly userData: string;
  readonly home: string;
  readonly pictures: string;
  /** Where the picture of a failed step goes. */
  readonly failure: string;
  /** A model server of this machine. */
  readonly server: Loopback;
}

const slowMs = 60_000;
const usualMs = 20_000;

type Step = readonly [name: string, run: (page: Page, session: Session) => Promise<void>];

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
      await page.locator('.codelens-decoration a').first().click();
      await textOf(page.locator('.tabs-container .tab'), /summary/, usualMs);
      const rendered = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
      await rendered.locator('h1').first().waitFor({ timeout: usualMs });
      await page.screenshot({ path: path.join(pictures, 'summary.png') });
    },
  ],
  [
    'reads the report, jumps from it to a line, and sees the symbol in the Summaries view',
    async (page, { pictures }) => {
      await page.locator('.tabs-container .tab', { hasText: 'summary' }).first().click({ button: 'middle' });
      await page.locator('.view-line', { hasText: 'def load' }).first().click();
      await runCommand(page, 'CodeGloss: Show Report');
      const report = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
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
];

/** Runs all steps in one window; the first that fails ends it, because the next ones build on it. */
export async function useAsPerson(
  places: Omit<Session, 'server'>,
): Promise<{ passed: number; failed: number; skipped: number }> {
  const session: Session = { ...places, server: await startLoopback() };
  mkdirSync(session.pictures, { recursive: true });
  const server = await startServer({
    vsix: [session.vsix],
    userDataDir: session.userData,
    trust: true,
    env: { CODEGLOSS_HOME: session.home },
  });
  const browser = await launchBrowser();
  let passed = 0;
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 720 }, reducedMotion: 'reduce' });
    await page.goto(addressOf(server, session.workspace, 'inventory.py'));
    for (const [name, run] of steps) {
      try {
        await run(page, session);
        console.log(`    ✔ ${name}`);
        passed += 1;
      } catch (error) {
        await page.screenshot({ path: session.failure });
        console.error(`    ✘ ${name}: ${error instanceof Error ? error.message : String(error)}`);
        return { passed, failed: 1, skipped: steps.length - passed - 1 };
      }
    }
    return { passed, failed: 0, skipped: 0 };
  } finally {
    await browser.close();
    await server.stop();
    await session.server.close();
  }
}

function addressOf(server: EditorServer, folder: string, file: string): string {
  return workbenchUrl(server.port, folder, [
    ['skipWelcome', 'true'],
    ['openFile', server.remote(path.join(folder, file))],
  ]);
}

/** Waits for an element with such a text, and says what was there instead. */
async function textOf(elements: Locator, pattern: RegExp, timeout: number): Promise<void> {
  const found = elements.filter({ hasText: pattern }).first();
  try {
    await found.waitFor({ timeout });
  } catch {
    throw new Error(`expected ${pattern}, saw ${JSON.stringify(await elements.allTextContents())}`);
  }
}

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

async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor({ timeout: usualMs });
  await input.fill(`>${title}`);
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: title }).first().click({ timeout: usualMs });
}

/** Waits until no lens is on its way any more. */
async function settled(page: Page): Promise<void> {
  const busy = page.locator('.codelens-decoration a', { hasText: /^Summarizing/ });
  await busy.first().waitFor({ state: 'detached', timeout: slowMs });
}

/** Types into the box that asks with such words, and goes on. */
async function typeInto(page: Page, prompt: RegExp, text: string): Promise<void> {
  await textOf(page.locator('.quick-input-widget'), prompt, usualMs);
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.fill(text);
  await page.keyboard.press('Enter');
}

/** In a run with the smoke-test driver toasts do not pop up; the notification centre shows them. */
async function notification(page: Page, pattern: RegExp): Promise<void> {
  await page.locator('.statusbar-item[id="status.notifications"]').click();
  await textOf(page.locator('.notification-list-item-message'), pattern, usualMs);
  await page.keyboard.press('Escape');
}

/** Moves the pointer onto a word of the text: a hover asks for the place under the pointer, so the line alone will not do. */
async function pointAt(page: Page, word: string): Promise<void> {
  const token = page.locator('.view-line span span').filter({ hasText: new RegExp(`^${word}$`) });
  await token.first().hover({ timeout: slowMs });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
