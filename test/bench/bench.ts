/**
 * `npm run bench`: figures for the main job, each beside something measured in the same run, because machines differ and are noisy.
 * Needs `npm run build` first (it measures the bundle). `--quick` takes fewer rounds.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { Language, Parser } from 'web-tree-sitter';
import { repositoryAssets } from '../../server/src/syntax/assets.ts';
import { languages } from '../../server/src/syntax/languages.ts';
import { createSyntax } from '../../server/src/syntax/syntax.ts';
import type { LanguageId } from '../../server/src/types/outline.ts';
import { type LanguageClient, startClient } from '../protocol/languageClient.ts';
import { keystrokes, threadCpu } from './keystrokes.ts';
import { realSources } from './realSources.ts';

const root = path.resolve(import.meta.dirname, '../..');
const quick = process.argv.includes('--quick');
const locate = repositoryAssets(root);

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function sortedCopy(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

function bestOf(rounds: number, run: () => number): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) best = Math.min(best, run());
  return best;
}

async function parseSpeed(): Promise<void> {
  console.log(
    '\nParse and outline (processor time of the thread, best of rounds; bare = tree-sitter parsing alone, same files)\n',
  );
  console.log(
    '| language | sources | files | MB | bare MB/s | with outline MB/s | ratio |\n|---|---|---|---|---|---|---|',
  );
  await Parser.init({ locateFile: () => locate('web-tree-sitter.wasm') });
  const syntax = createSyntax({ locate });
  const rounds = quick ? 2 : 3;
  for (const row of languages) {
    const { texts, source } = realSources(root, row.id, quick ? 200_000 : 1_000_000);
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    if (bytes === 0) continue;
    const language = await Language.load(locate(row.grammar.file));
    const parser = new Parser();
    parser.setLanguage(language);
    const bare = bestOf(rounds, () => {
      const start = threadCpu();
      for (const text of texts) parser.parse(text)?.delete();
      return threadCpu() - start;
    });
    parser.delete();
    let whole = Infinity;
    for (let round = 0; round < rounds; round += 1) whole = Math.min(whole, await timeOpen(row.id, texts));
    const speed = (ms: number) => (bytes / 1e6 / (ms / 1e3)).toFixed(2);
    console.log(
      `| ${row.id} | ${source} | ${texts.length} | ${(bytes / 1e6).toFixed(2)} | ${speed(bare)} | ${speed(whole)} | ${(whole / bare).toFixed(2)} × |`,
    );
  }
  syntax.dispose();

  async function timeOpen(id: LanguageId, texts: readonly string[]): Promise<number> {
    const start = threadCpu();
    for (const text of texts) {
      const document = await syntax.open(id, text);
      void document.outline;
      document.dispose();
    }
    return threadCpu() - start;
  }
}

/** A 10,000-line TypeScript file: 1,000 functions of ten lines. */
function longFile(): string {
  return Array.from({ length: 1000 }, (_, index) =>
    [
      `/** Computes part ${index}. */`,
      `export function part${index}(input: readonly number[], scale: number): number {`,
      '  let total = 0;',
      '  for (const value of input) {',
      '    if (value < 0) continue;',
      '    total += value * scale;',
      '  }',
      `  return total + ${index === 0 ? 0 : `part${index - 1}(input, scale)`};`,
      '}',
      '',
    ].join('\n'),
  ).join('\n');
}

async function editorLatency(): Promise<void> {
  const started = performance.now();
  const client = await startClient({ settings: { provider: 'outline' } });
  const firstAnswer = performance.now() - started;
  const uri = await client.open('long.ts', 'typescript', longFile());
  await client.hover(uri, { line: 1, character: 18 });
  const rounds = quick ? 100 : 1000;
  const hovers: number[] = [];
  const lenses: number[] = [];
  const keys: number[] = [];
  let version = 1;
  const before = await residentMb(client);
  for (let round = 0; round < rounds; round += 1) {
    version += 1;
    // A letter is typed, and taken back in the next round, so that errors do not pile up as they do under nobody's hands.
    const line = 10 * ((round >> 1) % 900) + 5;
    const typed = round % 2 === 0;
    await client.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [
        { range: { start: { line, character: 4 }, end: { line, character: typed ? 4 : 5 } }, text: typed ? 'x' : '' },
      ],
    });
    keys.push(await timed(() => client.request('textDocument/documentSymbol', { textDocument: { uri } })));
    hovers.push(await timed(() => client.hover(uri, { line: 10 * (round % 900) + 1, character: 18 })));
    lenses.push(await timed(() => client.request('textDocument/codeLens', { textDocument: { uri } })));
  }
  const print = (name: string, values: readonly number[]) => {
    const sorted = sortedCopy(values);
    console.log(
      `| ${name} | ${percentile(sorted, 0.5).toFixed(1)} | ${percentile(sorted, 0.95).toFixed(1)} | ${percentile(sorted, 0.99).toFixed(1)} |`,
    );
  };
  const echo: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    echo.push(await timed(() => client.hover('file:///not-open', { line: 0, character: 0 })));
  console.log(
    `\nA 10,000-line file while it is edited, ${rounds} rounds, over stdio (echo = an empty request in the same session)\n`,
  );
  console.log('| request | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|');
  print('echo', echo);
  print('hover after an edit', hovers);
  print('code lens list', lenses);
  print('edit to document symbols (1,000 sent)', keys);
  console.log(
    `\nserver starts and answers its first request: ${firstAnswer.toFixed(0)} ms (bare node start: ${(await bareNodeStart()).toFixed(0)} ms)`,
  );

  const edits = quick ? 1000 : 10_000;
  const memory: string[] = [];
  for (let edit = 0; edit < edits; edit += 1) {
    version += 1;
    const line = 10 * ((edit >> 1) % 900) + 5;
    if (edit % 1000 === 0) await client.hover(uri, { line: 1, character: 18 });
    if (edit > 0 && edit % Math.ceil(edits / 5) === 0)
      memory.push(`${(await residentMb(client)).toFixed(0)} after ${edit}`);
    void client.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [
        {
          range: { start: { line, character: 4 }, end: { line, character: 4 + (edit % 2) } },
          text: edit % 2 === 0 ? 'x' : '',
        },
      ],
    });
  }
  await client.hover(uri, { line: 1, character: 18 });
  console.log(
    `resident memory of the server in MB: ${before.toFixed(0)} before, ${memory.join(', ')}, ${(await residentMb(client)).toFixed(0)} after ${edits} edits`,
  );
  await client.stop();
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

async function bareNodeStart(): Promise<number> {
  const { spawnSync } = await import('node:child_process');
  return timed(() => Promise.resolve(spawnSync(process.execPath, ['-e', '0'])));
}

/** Linux only; elsewhere NaN. */
async function residentMb(client: LanguageClient): Promise<number> {
  try {
    const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${client.process.pid}/status`, 'utf8'));
    return Number(match?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

function sizes(): void {
  console.log('\n| file | MB |\n|---|---|');
  const dist = path.join(root, 'dist');
  const groups = new Map<string, number>();
  for (const entry of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const info = statSync(path.join(dist, entry));
    if (!info.isFile()) continue;
    const group = entry.includes(path.sep)
      ? `${entry.split(path.sep)[0]}/`
      : entry.startsWith('chunk-')
        ? 'chunk-*.mjs'
        : entry;
    groups.set(group, (groups.get(group) ?? 0) + info.size);
  }
  for (const [name, bytes] of [...groups].sort((a, b) => b[1] - a[1]))
    console.log(`| dist/${name} | ${(bytes / 1e6).toFixed(2)} |`);
  try {
    console.log(`| codegloss.vsix | ${(statSync(path.join(root, 'codegloss.vsix')).size / 1e6).toFixed(2)} |`);
  } catch {
    console.log('| codegloss.vsix | not built |');
  }
}

console.log(
  `Node ${process.version}, ${process.platform}-${process.arch}, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`,
);
await parseSpeed();
await keystrokes(locate, (id) => realSources(root, id, 1_000_000).texts, quick ? 100 : 300);
await editorLatency();
sizes();
console.log(
  `\nload after: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`,
);
