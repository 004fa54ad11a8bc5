import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLoopback } from '../loopback/server.ts';

const bundle = path.resolve(import.meta.dirname, '../../dist/codegloss.mjs');
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'codegloss-mcp-')));
const home = mkdtempSync(path.join(tmpdir(), 'codegloss-mcp-home-'));

const cart = `/** Adds up what lies in the cart. */
export function total(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + priceOf(item), 0);
}

export function checkout(items: readonly Item[]): Receipt {
  const sum = total(items);
  return { sum, paid: charge(sum) };
}
`;
const prices = `export function priceOf(item: Item): number {
  const base = item.cents;
  return base - discount(item);
}
`;

function write(name: string, text: string): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

interface Agent {
  call(name: string, args: Record<string, unknown>): Promise<{ readonly failed: boolean; readonly text: string }>;
  readonly client: Client;
}

async function withAgent(args: readonly string[], test: (agent: Agent) => Promise<void>): Promise<void> {
  const client = new Client({ name: 'test', version: '1' });
  const env = { PATH: process.env['PATH'] ?? '', CODEGLOSS_HOME: home, OPENAI_API_KEY: 'for-tests' };
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [bundle, 'mcp', ...args],
      cwd: folder,
      env,
      stderr: 'ignore',
    }),
  );
  try {
    await test({
      client,
      async call(name, input) {
        const result = await client.callTool({ name, arguments: input });
        const content = result.content as readonly { readonly type: string; readonly text: string }[];
        return { failed: result.isError === true, text: content.map(({ text }) => text).join('') };
      },
    });
  } finally {
    await client.close();
  }
}

describe('codegloss mcp', () => {
  beforeAll(() => {
    write('src/cart.ts', cart);
    write('src/prices.ts', prices);
    write('.gitignore', 'private/\n');
    write('private/plan.ts', 'export function plan(): number {\n  return 1;\n}\n');
    write('src/keys.ts', `export function keys() {\n  return 'AKIA${'ABCDEFGHIJKLMNOP'}';\n}\n`);
    write('legacy/ORDERS.mps', 'ORDERS ; order entry\n Q\nADD(ID) ; adds an order\n S ^ORD(ID)=1\n Q ID\n');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  });

  it('offers its tools, described for a model, and none that writes', () =>
    withAgent([], async ({ client }) => {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual([
        'search_code',
        'get_code_context',
        'get_code_summary',
        'get_code_partitions',
      ]);
      for (const { description, annotations, inputSchema } of tools) {
        expect(description?.length).toBeGreaterThan(80);
        expect(annotations?.readOnlyHint).toBe(true);
        expect(inputSchema.type).toBe('object');
      }
    }));

  it('finds, explains, summarizes and divides', () =>
    withAgent(['--provider', 'outline'], async ({ call }) => {
      const found = JSON.parse((await call('search_code', { query: 'checkout' })).text);
      expect(found.hits[0]).toMatchObject({ path: 'src/cart.ts', symbol: 'checkout', kind: 'function', lines: '6-9' });

      const context = JSON.parse((await call('get_code_context', { path: 'src/cart.ts', symbol: 'total' })).text);
      expect(context.subject).toMatchObject({ symbol: 'total', lines: '2-4' });
      const pieces = context.pieces as readonly { path: string; symbol: string; text: string }[];
      expect(pieces.find(({ symbol }) => symbol === 'priceOf')).toMatchObject({ path: 'src/prices.ts' });

      const symbol = JSON.parse((await call('get_code_summary', { path: 'src/cart.ts', line: 7 })).text);
      expect(symbol).toMatchObject({ symbol: 'checkout', producer: { provider: 'outline' } });
      expect(symbol.line).not.toBe('');

      const file = JSON.parse((await call('get_code_summary', { path: 'legacy/ORDERS.mps' })).text);
      expect(file.parts.length).toBeGreaterThan(0);

      const divided = JSON.parse((await call('get_code_partitions', { path: 'src/cart.ts' })).text);
      expect(divided.partitions.at(-1).lines.endsWith(`-${divided.lines}`)).toBe(true);
    }));

  it('refuses what lies outside, what is ignored and what holds secrets, in one line', async () => {
    symlinkSync('/etc', path.join(folder, 'outside'));
    await withAgent([], async ({ call }) => {
      const refused: readonly (readonly [string, RegExp])[] = [
        ['../../../etc/passwd', /no such file/],
        ['/etc/passwd', /no such file/],
        ['outside/passwd', /no such file/],
        ['private/plan.ts', /ignore/],
        ['src/keys.ts', /credential|secret/i],
      ];
      for (const [file, words] of refused) {
        const { failed, text } = await call('get_code_summary', { path: file });
        expect(failed, file).toBe(true);
        expect(text, file).toMatch(words);
        expect(text, file).not.toMatch(/\n/);
      }
      expect((await call('search_code', { query: 'plan' })).text).not.toContain('private/');
    });
  });

  it('says what it declares when a symbol is not there, and what is wrong with the input', () =>
    withAgent([], async ({ call }) => {
      const missing = await call('get_code_summary', { path: 'src/cart.ts', symbol: 'nothing' });
      expect(missing).toMatchObject({ failed: true });
      expect(missing.text).toContain('total, checkout');
      expect(await call('search_code', { query: 7 })).toMatchObject({ failed: true });
    }));

  it('asks a remote model only when the command line names it', async () => {
    const server = await startLoopback({});
    try {
      const named = ['--provider', 'openai', '--endpoint', `${server.url}/v1`, '--model', 'loopback-model'];
      await withAgent([], async ({ call }) => {
        expect((await call('get_code_summary', { path: 'src/cart.ts', symbol: 'total' })).failed).toBe(false);
      });
      expect(server.requests.length).toBe(0);
      await withAgent(named, async ({ call }) => {
        const { text } = await call('get_code_summary', { path: 'src/cart.ts', symbol: 'total' });
        expect(JSON.parse(text).producer).toEqual({ provider: 'openai', model: 'loopback-model' });
      });
      expect(server.requests.length).toBeGreaterThan(0);
    } finally {
      await server.close();
    }
  });
});
