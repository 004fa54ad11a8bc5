import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  pauseWorkspaceMethod,
  type WorkspaceForecastResult,
  type WorkspaceRunResult,
  workspaceForecastMethod,
  workspaceRunMethod,
} from '../../server/src/protocol.ts';
import type { LanguageClient } from './languageClient.ts';
import { withModel } from './models.ts';

const sources = {
  'square.js': 'export function square(side) {\n  const area = side * side;\n  return area;\n}\n',
  'cube.js':
    "import { square } from './square.js';\n\nexport function cube(side) {\n  const area = square(side);\n  return area * side;\n}\n",
};
/** Two functions, two files. */
const targets = 4;

function fill(client: LanguageClient): { readonly folder: string } {
  for (const [name, text] of Object.entries(sources)) writeFileSync(path.join(client.folder, name), text);
  return { folder: pathToFileURL(client.folder).href };
}

const document = { line: 'Returns what it computes.', paragraph: 'It computes and returns.', claims: [] };

describe('Summarize Workspace', () => {
  it('says first what it takes, asks nobody for that, and then makes what is missing', () =>
    withModel({ openai: { kind: 'answer', document } }, {}, async (client, server) => {
      const params = fill(client);
      const forecast = await client.request<WorkspaceForecastResult>(workspaceForecastMethod, params);
      expect(forecast).toMatchObject({ ok: true, planned: targets, looked: targets });
      expect(forecast.message).toMatch(/4 of 4 summaries .* about 4 requests/);
      expect(server.requests).toHaveLength(0);
      const run = await client.request<WorkspaceRunResult>(workspaceRunMethod, params);
      expect(run).toMatchObject({ ok: true, generated: targets, reused: 0, failed: 0 });
      expect(server.requests).toHaveLength(targets);
      const again = await client.request<WorkspaceForecastResult>(workspaceForecastMethod, params);
      expect(again).toMatchObject({ ok: true, planned: 0, message: 'All 4 summaries are there and fresh.' });
    }));

  it('asks nothing new while it is paused, and goes on', () =>
    withModel({ openai: { kind: 'answer', document, delayMs: 300 } }, {}, async (client, server) => {
      const params = fill(client);
      const running = client.request<WorkspaceRunResult>(workspaceRunMethod, params);
      await server.waitForRequests(1);
      await client.notify(pauseWorkspaceMethod, { paused: true });
      // What is under way ends; longer than any answer takes, nothing follows.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const paused = server.requests.length;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(server.requests).toHaveLength(paused);
      expect(paused).toBeLessThan(targets);
      await client.notify(pauseWorkspaceMethod, { paused: false });
      expect(await running).toMatchObject({ ok: true, generated: targets });
    }));

  it('says what is wrong with a folder that is none', () =>
    withModel({}, {}, async (client) => {
      const run = await client.request<WorkspaceRunResult>(workspaceRunMethod, { folder: 'file:///no/such/folder' });
      expect(run).toMatchObject({ ok: false });
    }));
});
