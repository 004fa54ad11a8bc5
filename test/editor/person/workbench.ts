/** What a person does in the workbench, as functions of its page: commands, lists, boxes, dialogs, notices. All wait for conditions. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';

export const slowMs = 60_000;
export const usualMs = 20_000;

/** Waits for an element with such a text, and says what was there instead. */
export async function textOf(elements: Locator, pattern: RegExp, timeout: number = usualMs): Promise<string> {
  const found = elements.filter({ hasText: pattern }).first();
  try {
    await found.waitFor({ timeout });
  } catch {
    throw new Error(`expected ${pattern}, saw ${JSON.stringify(await elements.allTextContents())}`);
  }
  return (await found.textContent()) ?? '';
}

/** Waits until `look` gives something. */
export async function until<Found>(
  page: Page,
  what: string,
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
  ms: number = usualMs,
): Promise<Found> {
  for (const end = Date.now() + ms; ; ) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s for ${what}`);
    await page.waitForTimeout(50);
  }
}

export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor({ timeout: usualMs });
  await input.fill(`>${title}`);
  await pick(page, title);
}

/** Opens a file of the folder by its name. */
export async function openFile(page: Page, name: string): Promise<void> {
  await runCommand(page, 'Go to File...');
  await page.locator('.quick-input-widget input[type="text"]').first().fill(name);
  await pick(page, name);
  await page.locator('.tabs-container .tab.active', { hasText: name }).first().waitFor({ timeout: usualMs });
}

/** Chooses an entry of the list that is open. */
export async function pick(page: Page, entry: string | RegExp): Promise<void> {
  const row = page.locator('.quick-input-widget .monaco-list-row', { hasText: entry });
  await row.first().click({ timeout: usualMs });
}

/** Types into the box that asks with such words, and goes on. */
export async function typeInto(page: Page, prompt: RegExp, text: string): Promise<void> {
  await textOf(page.locator('.quick-input-widget'), prompt);
  const input = page.locator('.quick-input-widget .quick-input-box input').first();
  await input.fill(text);
  await page.keyboard.press('Enter');
}

/** Reads the dialog that stands before everything else, and presses one of its buttons. @returns what it said */
export async function answerDialog(page: Page, says: RegExp, button: string): Promise<string> {
  const said = await textOf(page.locator('.monaco-dialog-box'), says);
  await page
    .locator('.monaco-dialog-box .monaco-button', { hasText: new RegExp(`^${button}$`) })
    .first()
    .click();
  await page.locator('.monaco-dialog-box').waitFor({ state: 'detached', timeout: usualMs });
  return said;
}

/** In a run with the smoke-test driver toasts do not pop up; the notification centre shows them. */
export async function notification(page: Page, pattern: RegExp, timeout: number = usualMs): Promise<string> {
  await openNotifications(page);
  const said = await textOf(page.locator('.notification-list-item-message'), pattern, timeout);
  await page.keyboard.press('Escape');
  return said;
}

export async function openNotifications(page: Page): Promise<void> {
  const centre = page.locator('.notifications-center.visible');
  if ((await centre.count()) === 0) await page.locator('.statusbar-item[id="status.notifications"]').click();
}

/** Moves the pointer onto a word of the text: a hover asks for the place under the pointer, so the line alone will not do. */
export async function pointAt(page: Page, word: string): Promise<void> {
  const token = page.locator('.view-line span span').filter({ hasText: new RegExp(`^${word}$`) });
  await token.first().hover({ timeout: slowMs });
}

/** Puts the cursor on a line of the text. Waits for the lenses first: they push the lines down, and the click would hit a lens instead. */
export async function clickLine(page: Page, text: string): Promise<void> {
  await page.locator('.codelens-decoration a').first().waitFor({ timeout: slowMs });
  await page.locator('.view-line', { hasText: text }).first().click({ timeout: usualMs });
}

/** The document inside the one panel or preview that is shown. */
export function webview(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
}

/** Waits until no lens is on its way any more. */
export async function settled(page: Page): Promise<void> {
  const busy = page.locator('.codelens-decoration a', { hasText: /^Summarizing/ });
  await busy.first().waitFor({ state: 'detached', timeout: slowMs });
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
