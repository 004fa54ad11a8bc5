/** Uses the packaged extension as a person does: looks, points, clicks and types in the real workbench, and takes pictures. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { type Loopback, type LoopbackOptions, startLoopback } from '../../loopback/server.ts';
import { type EditorServer, launchBrowser, startServer, workbenchUrl } from '../vscode-server.mjs';

export interface Session {
  readonly vsix: string;
  readonly workspace: string;
  readonly userData: string;
  readonly home: string;
  /** For pictures that the README shows. */
  readonly pictures: string;
  /** For all other pictures, to be looked at. */
  readonly looks: string;
  /** Where the picture of a failed step goes. */
  readonly failure: string;
  /** A model server of this machine. */
  readonly server: Loopback;
}

export type Step = readonly [name: string, run: (page: Page, session: Session) => Promise<void>];

/** One window, and what a person does in it from the first step to the last. */
export interface Visit {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Opened with the window. */
  readonly file: string;
  /** Workspace trust on: the folder opens in Restricted Mode. */
  readonly trust?: boolean;
  /** The editor's AI features on, and the companion extension of the tests beside ours. */
  readonly ai?: boolean;
  /** How the model server behaves. */
  readonly model?: LoopbackOptions;
  /** Settings that hold from the beginning, given the address of the model server. */
  readonly settings?: (url: string) => Readonly<Record<string, unknown>>;
}

/** Runs all steps in one window; the first that fails ends it, because the next ones build on it. */
export async function useAsPerson(
  visit: Visit,
  places: Omit<Session, 'server'>,
): Promise<{ passed: number; failed: number; skipped: number }> {
  const session: Session = { ...places, server: await startLoopback(visit.model ?? {}) };
  for (const folder of [session.pictures, session.looks]) mkdirSync(folder, { recursive: true });
  const server = await startServer({
    vsix: [session.vsix],
    userDataDir: session.userData,
    trust: visit.trust === true,
    ai: visit.ai === true,
    // Who writes summaries is a setting of the machine on which extensions run, so the window's own file would not do.
    machineSettings: visit.settings?.(session.server.url) ?? {},
    env: { CODEGLOSS_HOME: session.home },
  });
  const browser = await launchBrowser();
  const { steps } = visit;
  let passed = 0;
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 720 }, reducedMotion: 'reduce' });
    await page.goto(addressOf(server, session.workspace, visit));
    for (const [name, run] of steps) {
      const start = Date.now();
      try {
        await run(page, session);
        console.log(`    ✔ ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
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

function addressOf(server: EditorServer, folder: string, { file, ai }: Visit): string {
  const companion = path.resolve(import.meta.dirname, '../companion');
  return workbenchUrl(server.port, folder, [
    ['skipWelcome', 'true'],
    ['openFile', server.remote(path.join(folder, file))],
    ...(ai === true ? [['extensionDevelopmentPath', server.remote(companion)] as const] : []),
  ]);
}
