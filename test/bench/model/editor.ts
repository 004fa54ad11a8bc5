/**
 * `npm run bench:model -- editor [seconds]`: what an editor feels while the model works: hovers of a bundled server, and, for as long
 * again without them, how long its main thread is away (on a busy machine also because others run) and at work at a stretch (its own processor time), with nothing embedded, while lenses fill, and while symbols get vectors. Needs `npm run build`.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CodeLens } from 'vscode-languageserver-protocol';
import { treeSearchMethod } from '../../../server/src/protocolViews.ts';
import { bundledCli, type LanguageClient, startClient } from '../../protocol/languageClient.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const sources = 'server/src/summary';
const betweenHoversMs = 50;

interface Mode {
  readonly title: string;
  readonly settings: Record<string, unknown>;
  /** Starts the work and returns when it is under way. */
  readonly begin: (client: LanguageClient, uris: readonly string[]) => Promise<void>;
}

const withoutVectors = { search: { byMeaning: false } };
const modes: readonly Mode[] = [
  { title: 'nothing embedded', settings: { provider: 'outline' }, begin: async () => undefined },
  {
    title: 'lenses fill',
    settings: { provider: 'embedded', ...withoutVectors },
    async begin(client, uris) {
      for (const uri of uris) {
        const lenses = await client.request<CodeLens[] | null>('textDocument/codeLens', { textDocument: { uri } });
        for (const lens of lenses ?? []) void client.request('codeLens/resolve', lens).catch(() => undefined);
      }
    },
  },
  {
    title: 'symbols get vectors',
    settings: { provider: 'embedded' },
    async begin(client) {
      await client.request(treeSearchMethod, { query: 'summary', limit: 1 });
      // The model is being loaded from the first symbol on, after five quiet seconds.
      await sleep(8000);
    },
  },
];

export async function editorTable(seconds: number): Promise<void> {
  if (!existsSync(bundledCli)) {
    console.log('skipped: run `npm run build` first');
    return;
  }
  console.log(
    '\n| while | hovers | hover p50 ms | p95 | p99 | without hovers: main thread away p99 ms | longest | at work at a stretch p99 ms | longest |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const mode of modes) console.log(await rowOf(mode, seconds));
}

async function rowOf({ title, settings, begin }: Mode, seconds: number): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'codegloss-probe-'));
  const file = path.join(folder, 'probe.json');
  const env = { CODEGLOSS_PROBE: file, NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'probe.mjs')}` };
  const client = await startClient({ settings, env, initializationOptions: { isOurClient: true, trusted: true } });
  const times: number[] = [];
  let seen: Seen | undefined;
  try {
    const uris = await openSources(client);
    for (const uri of uris) await client.hover(uri, { line: 10, character: 12 });
    await begin(client, uris);
    await probed(client, file);
    await sleep(seconds * 1000);
    seen = await probed(client, file);
    const end = performance.now() + seconds * 1000;
    for (let at = 0; performance.now() < end; at += 1) {
      const start = performance.now();
      await client.hover(uris[at % uris.length] ?? '', { line: (at * 7) % 60, character: 12 });
      times.push(performance.now() - start);
      await sleep(betweenHoversMs);
    }
  } finally {
    await client.stop();
  }
  rmSync(folder, { recursive: true });
  const cells = [at(times, 0.5), at(times, 0.95), at(times, 0.99), seen?.p99, seen?.max, seen?.workP99, seen?.workMax];
  return `| ${title} | ${times.length} | ${cells.map((value) => value?.toFixed(1)).join(' | ')} |`;
}

/** Milliseconds. */
interface Seen {
  readonly p99: number;
  readonly max: number;
  readonly workP99: number;
  readonly workMax: number;
}

/** What the probe saw since it was asked last. */
async function probed({ process: server }: LanguageClient, file: string): Promise<Seen> {
  rmSync(file, { force: true });
  server.kill('SIGUSR2');
  while (!existsSync(file)) await sleep(10);
  return JSON.parse(readFileSync(file, 'utf8')) as Seen;
}

async function openSources(client: LanguageClient): Promise<readonly string[]> {
  const uris: string[] = [];
  mkdirSync(path.join(client.folder, 'summary'));
  for (const name of readdirSync(path.join(root, sources)).filter((each) => each.endsWith('.ts'))) {
    const target = path.join('summary', name);
    copyFileSync(path.join(root, sources, name), path.join(client.folder, target));
    if (uris.length < 4)
      uris.push(await client.open(target, 'typescript', readFileSync(path.join(root, sources, name), 'utf8')));
  }
  return uris;
}

function at(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
