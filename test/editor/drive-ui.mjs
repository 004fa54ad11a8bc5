#!/usr/bin/env node
// Opens a file in the real workbench as a user sees it: waits for a CodeLens, hovers a word, clicks a lens, takes pictures.
//
//   drive-ui.mjs --folder DIR --file FILE (--extension DIR | --vsix FILE) [--lens REGEX] [--word WORD --hover REGEX]
//                [--click N] [--notification REGEX] [--settings JSON] [--pictures DIR]
//
//   --file      relative to --folder       --extension  source folder, loaded as under F5      --vsix  installed first
//   --lens      text that some CodeLens must show              --word/--hover  hover WORD and expect REGEX
//   --click     click the N-th lens (0-based); with --notification expect that text in the notification centre
// Exit 0 when every expectation was met. Environment: see vscode-server.mjs. For richer scenarios copy this file's middle part.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser, startServer, workbenchUrl } from './vscode-server.mjs';

const text = { type: 'string' };
const { values: args } = parseArgs({
  options: {
    folder: text,
    file: text,
    extension: text,
    vsix: text,
    lens: text,
    word: text,
    hover: text,
    click: text,
    notification: text,
    settings: text,
    pictures: text,
  },
});
if (!args.folder || !args.file || !(args.extension || args.vsix)) {
  console.error('usage: drive-ui.mjs --folder DIR --file FILE (--extension DIR | --vsix FILE) …');
  process.exit(2);
}

const began = Date.now();
const say = (what) => console.log(`${((Date.now() - began) / 1000).toFixed(2)} s  ${what}`);
if (args.pictures) fs.mkdirSync(args.pictures, { recursive: true });
const picture = (page, name) =>
  args.pictures ? page.screenshot({ path: path.join(args.pictures, `${name}.png`) }) : undefined;

/** Text of the first element that matches; waits for it, with a sentence about what was seen instead. */
async function expectText(page, selector, pattern, timeout) {
  const found = page
    .locator(selector)
    .filter({ hasText: new RegExp(pattern) })
    .first();
  try {
    await found.waitFor({ timeout });
  } catch {
    throw new Error(
      `expected ${selector} with /${pattern}/, saw: ${JSON.stringify(await page.locator(selector).allInnerTexts())}`,
    );
  }
  return (await found.innerText()).replace(/\s+/g, ' ').trim();
}

async function scenario(page) {
  if (args.lens) say(`lens: ${await expectText(page, '.codelens-decoration a', args.lens, 60_000)}`);
  await picture(page, 'lens');
  if (args.word) {
    // The exact token, not the line: a hover asks for the position under the pointer.
    const token = page.locator('.view-line').filter({ hasText: args.word }).first();
    await token.waitFor({ timeout: 60_000 });
    const where = await token.evaluate((line, word) => {
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(word);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      return undefined;
    }, args.word);
    if (!where) throw new Error(`the word ${args.word} is split over several tokens on screen`);
    await page.mouse.move(where.x, where.y, { steps: 5 });
    say(`hover: ${await expectText(page, '.monaco-hover .hover-contents', args.hover ?? '.', 20_000)}`);
    await picture(page, 'hover');
    await page.mouse.move(600, 500);
    await page.keyboard.press('Escape');
    await page.locator('.monaco-hover .hover-contents').first().waitFor({ state: 'hidden', timeout: 10_000 });
  }
  if (args.click !== undefined) {
    await page.locator('.codelens-decoration a').nth(Number(args.click)).click();
    if (args.notification) {
      // In a smoke-test run toasts do not pop up; the notification centre does show them.
      await page.locator('.statusbar-item[id="status.notifications"]').click();
      say(`notification: ${await expectText(page, '.notification-list-item-message', args.notification, 10_000)}`);
    }
    await picture(page, 'click');
  }
}

let code = 1;
const server = await startServer({ vsix: args.vsix ? [args.vsix] : [], settings: JSON.parse(args.settings ?? '{}') });
say('server up');
let browser;
try {
  browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  await page.goto(
    workbenchUrl(server.port, args.folder, [
      ['skipWelcome', 'true'],
      ['openFile', server.remote(path.join(args.folder, args.file))],
      ...(args.extension ? [['extensionDevelopmentPath', server.remote(args.extension)]] : []),
    ]),
  );
  try {
    await scenario(page);
    code = 0;
  } catch (error) {
    console.error(`FAIL ${error.message.slice(0, 600)}`);
    await picture(page, 'fail');
  }
} finally {
  await browser?.close();
  await server.stop();
}
process.exit(code);
