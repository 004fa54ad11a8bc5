/** The second visit: a person with a key asks Claude, corrects it, has the whole workspace summarized, and deletes everything in the end. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Loopback, LoopbackRequest } from '../../loopback/server.ts';
import type { Step, Visit } from './window.ts';
import {
  answerDialog,
  clickLine,
  notification,
  openFile,
  openNotifications,
  pick,
  runCommand,
  slowMs,
  textOf,
  typeInto,
  until,
  webview,
} from './workbench.ts';

const key = 'a-key-of-no-particular-form';
const reason = 'It sorts nothing.';
const ownWords = 'Names what to order again.';

/** Lets answers wait until a step lets them go. */
class Hold {
  #release: (() => void) | undefined;
  passed: Promise<void> | undefined;

  hold(): void {
    this.passed = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release?.();
    this.passed = undefined;
  }
}
const answers = new Hold();

/** Names nothing, because what an answer names must stand in the source. */
const document = { line: 'Loopback summary of this code.', paragraph: 'It does what it does.', claims: [] };

/** What a request is about, so that two for the same can be told. */
const aboutOf = ({ prompt }: LoopbackRequest): string => prompt;

/** Waits until no request has come for a second. @returns how many there were by then */
async function quiet(page: Page, { requests }: Loopback): Promise<number> {
  for (let seen = -1; ; ) {
    if (seen === requests.length) return seen;
    seen = requests.length;
    await page.waitForTimeout(1_000);
  }
}

const lenses = (page: Page) => page.locator('.codelens-decoration a');

const steps: readonly Step[] = [
  [
    'sets a key for Claude from the walkthrough',
    async (page, { looks, server }) => {
      await textOf(lenses(page), /API key|Summarize/, slowMs);
      await runCommand(page, 'Welcome: Open Walkthrough...');
      await pick(page, 'Get started with CodeGloss');
      await page.locator('.getting-started-step', { hasText: 'With a key: Claude' }).first().click();
      await page.locator('.getting-started-step .monaco-button', { hasText: 'Set API Key' }).first().click();
      await typeInto(page, /API key for Anthropic/, key);
      await notification(page, /API key for Anthropic is set/);
      await page.screenshot({ path: path.join(looks, 'walkthrough.png') });
      if (server.requests.length > 0) throw new Error('something was sent before anybody asked');
    },
  ],
  [
    'summarizes the file that is open behind the walkthrough, by Claude',
    async (page, { server }) => {
      await page.locator('.getting-started-step .monaco-button', { hasText: 'Summarize File' }).first().click();
      await webview(page).locator('body', { hasText: 'Loopback summary of' }).waitFor({ timeout: slowMs });
      await textOf(page.locator('.tabs-container .tab.active'), /inventory\.py/);
      const [first] = server.requests;
      if (first?.wire !== 'anthropic' || first.model !== 'claude-haiku-5-5')
        throw new Error(`asked ${first?.wire} for ${first?.model}`);
      if (first.headers['x-api-key'] !== key) throw new Error('the key did not go with the request');
      await runCommand(page, 'View: Close All Editors');
    },
  ],
  [
    'edits a summary in its own words, and pins it',
    async (page) => {
      await openFile(page, 'inventory.py');
      await clickLine(page, 'def reorder');
      await runCommand(page, 'CodeGloss: Correct Summary');
      await pick(page, 'Edit');
      await typeInto(page, /One line/, ownWords);
      await typeInto(page, /More, if there is more/, 'It compares each count with a limit.');
      await textOf(lenses(page), /^Names what to order again/);
      await runCommand(page, 'CodeGloss: Correct Summary');
      await pick(page, 'Pin');
      await notification(page, /[Pp]inned|[Kk]ept/);
    },
  ],
  [
    'marks a summary as wrong, and the model that writes it again is told why',
    async (page, { server }) => {
      await clickLine(page, 'def report');
      await textOf(lenses(page), /^Loopback summary of/);
      const before = server.requests.length;
      await runCommand(page, 'CodeGloss: Correct Summary');
      await pick(page, 'Mark as wrong');
      await typeInto(page, /What is wrong with it/, reason);
      await until(page, 'a request with the reason', () =>
        server.requests.slice(before).some(({ prompt }) => prompt.includes(reason)),
      );
    },
  ],
  [
    'shares the corrections with the team, after a question that names the file',
    async (page, { workspace }) => {
      const file = path.join(workspace, '.codegloss/words.json');
      await runCommand(page, 'CodeGloss: Share Corrections with the Team');
      await answerDialog(page, /Whoever has the repository then sees them/, 'Cancel');
      if (existsSync(file)) throw new Error('written against the answer');
      await runCommand(page, 'CodeGloss: Share Corrections with the Team');
      await answerDialog(page, /\.codegloss\/words\.json/, 'Write');
      await textOf(page.locator('.tabs-container .tab.active'), /words\.json/);
      if (!readFileSync(file, 'utf8').includes(ownWords)) throw new Error('the correction is not in the file');
      await runCommand(page, 'View: Close Editor');
    },
  ],
  [
    'hears what Summarize Workspace would take before anything is sent',
    async (page, { server, looks }) => {
      const before = server.requests.length;
      await runCommand(page, 'CodeGloss: Summarize Workspace');
      const said = await textOf(page.locator('.monaco-dialog-box'), /summaries are missing or outdated/, slowMs);
      await page.screenshot({ path: path.join(looks, 'workspace-forecast.png') });
      if (
        !/about \d+ requests to anthropic claude-haiku-5-5, [\d,]+ tokens in and [\d,]+ out, less than \$0\.01/.test(
          said,
        )
      )
        throw new Error(`forecast: ${said}`);
      await answerDialog(page, /./, 'Cancel');
      if (server.requests.length !== before) throw new Error('asked before the answer');
    },
  ],
  [
    'pauses the run, goes on, cancels it, and pays for nothing twice when it goes on later',
    async (page, { server, looks }) => {
      const before = server.requests.length;
      answers.hold();
      await runCommand(page, 'CodeGloss: Summarize Workspace');
      const said = await answerDialog(page, /summaries are missing/, 'Summarize');
      const forecast = /about (\d+) requests/.exec(said)?.[1];
      await server.waitForRequests(before + 1);
      const button = page.locator('.statusbar-item', { hasText: /summarizing$/ });
      await textOf(button, /Pause summarizing/);
      await button.first().click();
      await textOf(button, /Go on summarizing/);
      await openNotifications(page);
      await textOf(page.locator('.notification-list-item'), /Summarizing the workspace/);
      await page.screenshot({ path: path.join(looks, 'workspace-paused.png') });
      answers.release();
      await textOf(page.locator('.notification-list-item'), /[1-9]\d* of \d+/);
      // What was under way ends. A pause that holds nothing up would let all the rest follow at once.
      const paused = await quiet(page, server);
      if (paused - before >= Number(forecast)) throw new Error(`${paused - before} requests in spite of the pause`);
      answers.hold();
      await button.first().click();
      await until(page, 'more requests', () => server.requests.length > paused);
      await openNotifications(page);
      await page
        .locator('.notification-list-item', { hasText: 'Summarizing the workspace' })
        .locator('.monaco-button, .action-label', { hasText: 'Cancel' })
        .first()
        .click();
      // What is on the wire is paid for, and so waited for.
      answers.release();
      await button.first().waitFor({ state: 'detached', timeout: slowMs });
      const answered = server.requests.filter(({ abandoned }) => !abandoned).map(aboutOf);
      await runCommand(page, 'CodeGloss: Summarize Workspace');
      await answerDialog(page, /summaries are missing/, 'Summarize');
      await notification(page, /^CodeGloss: \d+ made, \d+ known before\.$/, slowMs);
      const all = server.requests.filter(({ abandoned }) => !abandoned).map(aboutOf);
      const twice = all.slice(answered.length).filter((prompt) => answered.includes(prompt));
      if (twice.length > 0) throw new Error(`${twice.length} requests were sent again`);
    },
  ],
  [
    'is asked before an agent has a summary made that costs, and a no sends nothing',
    async (page, { server, looks }) => {
      await runCommand(page, 'CodeGloss: Clear Summaries');
      await answerDialog(page, /Clear all summaries/, 'Clear');
      const before = server.requests.length;
      await runCommand(page, 'Companion: Let an Agent Ask for a Summary');
      await textOf(page.locator('.monaco-dialog-box'), /Summarize code with CodeGloss\?.*sends the source/s);
      await page.screenshot({ path: path.join(looks, 'tool-confirmation.png') });
      await answerDialog(page, /costs what it charges/, 'Cancel');
      await notification(page, /The tool was not used/);
      if (server.requests.length !== before) throw new Error('asked against the answer');
      await runCommand(page, 'Companion: Let an Agent Ask for a Summary');
      await answerDialog(page, /costs what it charges/, '(Yes|OK|Allow|Continue)');
      await notification(page, /The tool said: .*Loopback summary/, slowMs);
    },
  ],
  [
    "allows one of the editor's own models, and it speaks",
    async (page) => {
      await runCommand(page, 'CodeGloss: Select Model');
      await pick(page, "The editor's language models");
      await pick(page, 'Gloss Locked');
      await pick(page, 'Only when I ask');
      await openFile(page, 'parse.ts');
      await clickLine(page, 'function parse');
      await runCommand(page, 'CodeGloss: Summarize Symbol');
      await answerDialog(page, /CodeGloss/, 'Allow');
      await textOf(lenses(page), /The companion says so/, slowMs);
    },
  ],
  [
    'deletes everything: the folder of this machine, and the key',
    async (page, { home }) => {
      await runCommand(page, 'CodeGloss: Delete All My Data');
      await answerDialog(page, /Delete everything that CodeGloss keeps/, 'Cancel');
      if (!existsSync(path.join(home, 'words'))) throw new Error('deleted against the answer');
      await runCommand(page, 'CodeGloss: Delete All My Data');
      await answerDialog(page, /API keys/, 'Delete');
      await notification(page, /Everything of CodeGloss in .* is deleted/, slowMs);
      const left = existsSync(path.join(home, 'words')) ? readdirSync(path.join(home, 'words')) : [];
      if (left.length > 0) throw new Error(`left: ${left.join(', ')}`);
      await runCommand(page, 'CodeGloss: Select Model');
      await pick(page, 'Anthropic');
      await typeInto(page, /Model name/, '');
      await pick(page, 'Only when I ask');
      await textOf(page.locator('.quick-input-widget'), /API key for Anthropic/);
    },
  ],
];

export const asking: Visit = {
  name: 'person-asking',
  file: 'inventory.py',
  ai: true,
  steps,
  model: {
    key,
    anthropic: () => ({
      kind: 'answer',
      document,
      ...(answers.passed === undefined ? {} : { until: answers.passed }),
    }),
  },
  // An address that the gate takes for another machine's, though this one answers: consent and cost are as with a hosted model.
  settings: (url) => ({
    'codegloss.provider': 'anthropic',
    'codegloss.endpoint': url.replace('127.0.0.1', '0.0.0.0'),
    'codegloss.budget.daily': 5,
  }),
};
