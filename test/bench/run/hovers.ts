import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';

const main = path.resolve(import.meta.dirname, '../../../server/src/cli/main.ts');
const mostFiles = 25;

interface Symbol {
  readonly kind: number;
  readonly selectionRange: { readonly start: { readonly line: number; readonly character: number } };
  readonly range: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
  readonly children?: readonly Symbol[];
}

/**
 * A language server with an empty user folder hovers over the functions of a repository whose summaries the team has. The index is there (it is made
 * first, without any summary), the documents are parsed, and each symbol is asked for once, as a person would.
 */
export async function measureHovers(options: {
  readonly name: string;
  readonly folder: string;
  readonly endpoint: string;
  readonly store: string;
}): Promise<string> {
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  const child = spawn(process.execPath, [main, 'lsp', '--stdio'], {
    env: { PATH: process.env['PATH'] ?? '', CODEGLOSS_HOME: home },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onRequest(() => null);
  connection.listen();
  const times: number[] = [];
  const again: number[] = [];
  let answered = 0;
  try {
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(options.folder).href,
      capabilities: {
        textDocument: {
          hover: { contentFormat: ['markdown'] },
          documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        },
      },
      workspaceFolders: [{ uri: pathToFileURL(options.folder).href, name: 'bench' }],
      initializationOptions: {
        settings: { provider: 'anthropic', endpoint: options.endpoint, store: { url: options.store } },
      },
    });
    await connection.sendNotification('initialized', {});
    const files = sourcesIn(options.folder);
    const symbols = new Map<string, readonly Symbol[]>();
    for (const file of files) {
      const uri = pathToFileURL(path.join(options.folder, file)).href;
      const text = readFileSync(path.join(options.folder, file), 'utf8');
      const languageId = file.endsWith('.ts') ? 'typescript' : 'javascript';
      await connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId, version: 1, text },
      });
      const found = await connection.sendRequest<readonly Symbol[] | null>('textDocument/documentSymbol', {
        textDocument: { uri },
      });
      symbols.set(uri, functionsIn(found ?? []));
    }
    const hover = async (uri: string, { selectionRange }: Symbol): Promise<string> => {
      const params = { textDocument: { uri }, position: selectionRange.start };
      const answer = await connection.sendRequest<{ contents: { value: string } } | null>('textDocument/hover', params);
      return answer?.contents.value ?? '';
    };
    // Opening made the index begin; a person reads before pointing. The first connection is made by the first hover of all.
    const [first] = symbols;
    const [warm] = first?.[1] ?? [];
    if (first !== undefined && warm !== undefined) await hover(first[0], warm);
    await pause(10_000);
    for (const [uri, found] of symbols) {
      for (const symbol of found) {
        if (symbol === warm) continue;
        const start = performance.now();
        const text = await hover(uri, symbol);
        times.push(performance.now() - start);
        if (text.includes('may be incorrect')) answered++;
        else if (process.env['SHOW_MISSES'] !== undefined)
          console.error(uri.split('/').at(-1), symbol.selectionRange.start.line + 1, text.slice(0, 80));
      }
    }
    for (const [uri, found] of symbols) {
      for (const symbol of found) {
        const start = performance.now();
        await hover(uri, symbol);
        again.push(performance.now() - start);
      }
    }
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
  } finally {
    connection.dispose();
    child.kill();
    rmSync(home, { recursive: true, force: true });
  }
  const at = quantile(times);
  const later = quantile(again);
  const share = ((answered / times.length) * 100).toFixed(1);
  return `| ${options.name} | ${times.length} | ${share} % | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${later(0.5)} | ${later(0.95)} |`;
}

function quantile(times: readonly number[]): (share: number) => string {
  const sorted = [...times].sort((left, right) => left - right);
  return (share) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|js)$/.test(name) && !name.endsWith('.d.ts'))
    .sort()
    .slice(0, mostFiles);
}

/** Methods, functions and constructors (LSP 6, 12, 9) of more than one line. */
function functionsIn(symbols: readonly Symbol[]): readonly Symbol[] {
  return symbols.flatMap((symbol) => [
    ...([6, 9, 12].includes(symbol.kind) && symbol.range.end.line > symbol.range.start.line ? [symbol] : []),
    ...(symbol.kind === 5 ? functionsIn(symbol.children ?? []) : []),
  ]);
}
