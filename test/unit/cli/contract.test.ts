import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLoopback } from '../../loopback/server.ts';
import { type CommandLine, commandLine } from './commandLine.ts';

const python = 'def add(a, b):\n    return a + b\n\n\ndef twice(value):\n    return add(value, value)\n';

let cli: CommandLine;
beforeEach(() => {
  cli = commandLine();
});
afterEach(() => cli.dispose());

describe('messages', () => {
  it('say what to do in the words of the command line, not in those of the editor', async () => {
    cli.write('sum.py', python);
    const { stderr } = await cli.run(['summarize', 'sum.py', '--provider', 'anthropic']);
    expect(stderr).toContain('ANTHROPIC_API_KEY');
    expect(stderr).not.toContain('CodeGloss: ');
  });

  it('tell a file in UTF-16 from a binary one', async () => {
    cli.write('wide.py', Buffer.from(`\ufeff${python}`, 'utf16le'));
    const { code, stderr } = await cli.run(['outline', 'wide.py']);
    expect(code).toBe(1);
    expect(stderr).toContain('wide.py: it is UTF-16: save it as UTF-8');
  });

  it('give the version', async () => {
    const { code, stdout } = await cli.run(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^codegloss \d+\.\d+\.\d+\n$/);
  });
});

describe('exit codes', () => {
  it('are 0 for done, 1 for failed, 2 for wrong usage', async () => {
    cli.write('sum.py', python);
    const codes = await Promise.all(
      [
        ['outline', 'sum.py'],
        ['outline', 'missing.py'],
        ['outline'],
        ['outline', '--nonsense', 'sum.py'],
        ['paint'],
      ].map(async (args) => (await cli.run(args)).code),
    );
    expect(codes).toEqual([0, 1, 2, 2, 2]);
  });

  it('are 2 for contradictory options, unknown providers and strategies, and lines below 1', async () => {
    cli.write('sum.py', python);
    const commands = [
      ['comment', 'sum.py', '--write', '--remove'],
      ['summarize', 'sum.py', '--provider', 'oracle'],
      ['partition', 'sum.py', '--strategy', 'tarot'],
      ['summarize', 'sum.py', '--strategy', 'tarot'],
      ['comment', 'sum.py', '--max-tokens', 'many'],
      ['summarize', 'sum.py:0'],
      ['outline', 'sum.py', '--json', '--jsonl'],
      ['partition', 'sum.py', '--max-tokens', '-5'],
      ['lsp'],
    ];
    const outcomes = await Promise.all(commands.map((args) => cli.run(args)));
    expect(outcomes.map(({ code }) => code)).toEqual(commands.map(() => 2));
    // What is wrong in one line, and the usage in another.
    for (const { stderr } of outcomes) expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });

  it('is 1 for a check of a folder that is not there: a renamed folder must not pass a pipeline for good', async () => {
    const { code, stdout, stderr } = await cli.run(['check', 'nowhere']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe('codegloss check: nowhere is not there: check the path.\n');
  });
});

describe('--json', () => {
  it('prints one document with the fields that the contract lists', async () => {
    cli.write('sum.py', python);
    const [outline, partition, summarize, comment, doctor] = await Promise.all([
      cli.json(['outline', 'sum.py']),
      cli.json(['partition', 'sum.py', '--strategy', 'fixed']),
      cli.json(['summarize', 'sum.py', '--provider', 'outline']),
      cli.json(['comment', 'sum.py']),
      cli.json(['doctor']),
    ]);
    expect(outline).toMatchObject({ schema: 1, path: 'sum.py', language: 'python', parseErrors: 0 });
    expect(outline['symbols']).toMatchObject([{ name: 'add', kind: 'function' }, { name: 'twice' }]);
    expect(partition).toMatchObject({
      schema: 1,
      path: 'sum.py',
      strategy: 'fixed',
      partitions: [
        { startLine: 0, endLine: partition['lines'], tokens: expect.any(Number), title: expect.any(String) },
      ],
    });
    expect(summarize).toMatchObject({ schema: 1, path: 'sum.py', module: { symbol: null, kind: 'file' } });
    expect((summarize['summaries'] as object[])[0]).toMatchObject({
      symbol: 'add',
      range: { start: { line: 0, character: 0 } },
      freshness: 'fresh',
      producer: { provider: 'outline' },
      usage: { input: expect.any(Number), cached: expect.any(Number), output: expect.any(Number) },
    });
    expect(comment).toMatchObject({
      schema: 1,
      path: 'sum.py',
      edit: { newText: expect.stringContaining('codegloss:begin v1') },
    });
    expect(doctor['model']).toMatchObject({ name: expect.stringMatching(/^codegloss-/), loads: true });
    expect(Object.keys(doctor)).toEqual(
      expect.arrayContaining(['schema', 'runtime', 'home', 'stores', 'providers', 'grammars', 'model', 'problems']),
    );
  });

  it('prints one document for many files too', async () => {
    cli.write('src/one.py', python);
    cli.write('src/two.ts', 'export function two(): number {\n  return 2;\n}\n');
    const { schema, files } = await cli.json(['outline', 'src']);
    expect(schema).toBe(1);
    expect((files as { path: string }[]).map(({ path }) => path)).toEqual(['src/one.py', 'src/two.ts']);
  });

  it('summarizes a long file from the partitions that the options ask for', async () => {
    const rows = Array.from({ length: 3000 }, (_, row) => `ROW_${row} = ("name ${row}", ${row})\n`).join('');
    cli.write('table.py', rows);
    const server = await startLoopback();
    const model = ['--provider', 'openai', '--endpoint', `${server.url}/v1`, '--model', 'loopback-model'];
    const asked: number[] = [];
    for (const limit of ['2000', '4000']) {
      const before = server.requests.length;
      await cli.json(['summarize', 'table.py', ...model, '--strategy', 'fixed', '--max-tokens', limit]);
      asked.push(server.requests.length - before);
    }
    await server.close();
    expect(asked[1]).toBeGreaterThan(1);
    expect(asked[0]).toBeGreaterThan(1.5 * (asked[1] ?? 0));
  });

  it('leaves cost null where no price is known', async () => {
    const server = await startLoopback();
    cli.write('sum.py', python);
    const args = [
      'summarize',
      'sum.py:1',
      '--provider',
      'openai',
      '--endpoint',
      `${server.url}/v1`,
      '--model',
      'nobody-knows',
    ];
    const { summaries } = await cli.json(args);
    await server.close();
    expect(summaries).toMatchObject([
      { usage: { input: expect.any(Number), cost: null }, producer: { model: 'nobody-knows' } },
    ]);
  });
});

describe('--jsonl', () => {
  it('prints a document per file and a failed one as path and error', async () => {
    cli.write('sum.py', python);
    cli.write('image.py', new Uint8Array([0, 1, 2, 0, 255]));
    const { code, stdout } = await cli.run(['outline', 'sum.py', 'image.py', 'missing.py', '--jsonl']);
    const documents = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(code).toBe(1);
    expect(documents).toMatchObject([
      { schema: 1, path: 'sum.py', language: 'python' },
      { schema: 1, path: 'image.py', error: 'it is binary, not source text.' },
      { schema: 1, path: 'missing.py', error: expect.stringContaining('no such file') },
    ]);
  });
});

describe('arguments', () => {
  it('are files, folders, lists and FILE:LINE counted from 1', async () => {
    cli.write('src/sum.py', python);
    cli.write('list.txt', 'src/sum.py\n\nsrc\n');
    const listed = await cli.json(['outline', '@list.txt']);
    const second = await cli.json(['summarize', 'src/sum.py:5']);
    expect(listed).toMatchObject({ path: 'src/sum.py' });
    expect(second['summaries']).toMatchObject([{ symbol: 'twice' }]);
  });

  it('that name no symbol fail with what to do', async () => {
    cli.write('sum.py', python);
    const { code, stderr } = await cli.run(['summarize', 'sum.py:3']);
    expect(code).toBe(1);
    expect(stderr).toContain('line 3 is in no function');
  });
});

describe('comment', () => {
  const latin = Buffer.from('// Gr\xfc\xdfe\nfunction hello() {\n  return 1;\n}\n', 'latin1');
  const inputs: readonly (readonly [string, string, Uint8Array])[] = [
    ['CRLF', 'crlf.js', Buffer.from('#!/usr/bin/env node\r\n"use strict";\r\nfunction f() {\r\n  return 1;\r\n}\r\n')],
    ['Latin-1', 'latin.js', latin],
    ['a byte order mark', 'bom.ts', Buffer.from('\ufeffexport function f() {\n  return "\u{1f600}";\n}\n')],
    [
      'no last line end',
      'last.py',
      Buffer.from('#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\ndef f():\n    return 1'),
    ],
    ['lone CR in a string', 'cr.go', Buffer.from('package p\n\nfunc F() string { return `a\rb` }\n')],
  ];
  it.each(inputs)('--write then --remove gives back bytes and mode: %s', async (_, name, bytes) => {
    const file = cli.write(name, bytes);
    chmodSync(file, 0o751);
    const written = await cli.run(['comment', name, '--write']);
    const commented = readFileSync(file);
    expect([written.code, written.stderr]).toEqual([0, '']);
    expect(commented.toString('latin1')).toContain('codegloss:begin v1');
    expect(statSync(file).mode & 0o777).toBe(0o751);
    expect((await cli.run(['comment', name, '--remove'])).code).toBe(0);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o751);
  });

  const manySymbols: readonly (readonly [string, string])[] = [
    ['many.js', 'class A {\r\n  go() {\r\n    return 1;\r\n  }\r\n}\r\nfunction f() {\r\n  return 2;\r\n}\r\n'],
    ['MANY.m', 'MANY ;XX/YY - Many\n ;;1.0;T;;\n Q\nADD(A,B)\n S C=A+B\n Q C\nSUB(A,B)\n S C=A-B\n Q C\n'],
  ];
  it.each(manySymbols)(
    '--symbols comments everything in one go, once, and takes it all back: %s',
    async (name, text) => {
      const file = cli.write(name, text);
      const { edits } = (await cli.json(['comment', name, '--symbols'])) as { edits: { newText: string }[] };
      expect(edits.length).toBeGreaterThan(1);
      expect((await cli.run(['comment', name, '--symbols', '--write'])).code).toBe(0);
      const commented = readFileSync(file, 'utf8');
      expect(commented.match(/codegloss:begin v1/g)).toHaveLength(edits.length);
      expect((await cli.run(['comment', name, '--symbols', '--write'])).stdout).toContain('nothing to do');
      expect(readFileSync(file, 'utf8')).toBe(commented);
      expect((await cli.run(['comment', name, '--symbols', '--remove'])).code).toBe(0);
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );

  it('leaves a block that the user edited, and says so', async () => {
    const file = cli.write('sum.py', python);
    await cli.run(['comment', 'sum.py', '--write']);
    const lines = readFileSync(file, 'utf8').split('\n');
    const begin = lines.findIndex((line) => line.includes('codegloss:begin'));
    lines[begin + 1] = `${lines[begin + 1]} And my own words.`;
    const mine = cli.write('sum.py', lines.join('\n'));
    const { code, stderr } = await cli.run(['comment', 'sum.py', '--write']);
    expect(readFileSync(mine, 'utf8')).toBe(lines.join('\n'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('sum.py')]);
  });

  it('prints the edit and writes nothing without --write', async () => {
    const file = cli.write('sum.py', python);
    expect((await cli.run(['comment', 'sum.py'])).stdout).toContain('codegloss:begin');
    expect(readFileSync(file, 'utf8')).toBe(python);
  });
});

describe('what stays where', () => {
  it('keeps everything in CODEGLOSS_HOME and nothing in the workspace', async () => {
    cli.write('sum.py', python);
    await cli.run(['summarize', 'sum.py']);
    expect(existsSync(`${cli.home}/summaries.db`)).toBe(true);
    expect((statSync(cli.home).mode & 0o777).toString(8)).toBe('700');
    expect(existsSync(`${cli.folder}/.codegloss`)).toBe(false);
  });

  it('sends nothing because a repository says so', async () => {
    const server = await startLoopback();
    const settings = {
      'codegloss.provider': 'openai',
      'codegloss.endpoint': `${server.url}/v1`,
      'codegloss.automatic': true,
    };
    cli.write('.vscode/settings.json', JSON.stringify(settings));
    cli.write('sum.py', python);
    const { summaries } = await cli.json(['summarize', 'sum.py:1'], { OPENAI_API_KEY: 'unused' });
    await server.close();
    expect(summaries).toMatchObject([{ producer: { provider: expect.stringMatching(/^(embedded|outline)$/) } }]);
    expect(server.paths).toEqual([]);
  });
});
