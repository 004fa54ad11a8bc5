import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { callPicture } from '../../../server/src/export/callPicture.ts';
import { codeBlocks, escapeHtml, proseHtml } from '../../../server/src/export/codeView.ts';
import { type Feature, featureTree } from '../../../server/src/export/featureTree.ts';
import { folderFile, markdownFile, pageFile, relativeLink } from '../../../server/src/export/links.ts';
import { markdownPage } from '../../../server/src/export/markdown.ts';
import type { EntrySymbol, FileEntry, FilePage, PageSymbol } from '../../../server/src/export/page.ts';
import { folderPages, searchScripts, treeScript } from '../../../server/src/export/siteData.ts';
import { openSite } from '../../../server/src/export/writeSite.ts';

const page = (text: string, more: Partial<FilePage> = {}): FilePage => ({
  path: 'a/b.ts',
  language: 'typescript',
  lines: text.split('\n').length,
  summary: undefined,
  symbols: [],
  partitions: [{ startLine: 0, endLine: text.split('\n').length, title: 'all' }],
  text,
  comments: [],
  ...more,
});

const symbol = (name: string, line: number, more: Partial<PageSymbol> = {}): PageSymbol => ({
  name,
  symbolPath: name,
  kind: 'function',
  depth: 0,
  lines: { startLine: line, endLine: line + 2 },
  signature: `${name}()`,
  summary: undefined,
  callers: [],
  callees: [],
  ...more,
});

/** What a reader sees of HTML that has no more than spans and code. */
function seen(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}

describe('code on a page', () => {
  it('shows every line once and marks comments', () => {
    const text = 'let a = 1; // one\n/* two\nthree */ let b = 2;';
    const comments = [
      { start: 11, end: 17 },
      { start: 18, end: 33 },
    ];
    const partitions = [
      { startLine: 0, endLine: 1, title: 'first' },
      { startLine: 1, endLine: 3, title: 'second' },
    ];
    const blocks = codeBlocks(page(text, { comments, partitions }));
    expect(blocks.map(({ firstLine, lastLine }) => [firstLine, lastLine])).toEqual([
      [1, 1],
      [2, 3],
    ]);
    expect(blocks[0]?.html).toContain('<span class="c">// one</span>');
    expect(blocks[1]?.html).toContain('<span class="c">/* two</span>');
    expect(blocks[1]?.html).toContain('<span class="c">three */</span> let b');
    expect(blocks.map(({ html }) => seen(html)).join('')).toBe(`${text}\n`);
  });

  it('lets no text of a repository become markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']/);
        expect(proseHtml(text).replace(/<\/?code>/g, '')).not.toMatch(/[<>"']/);
      }),
    );
    expect(proseHtml('reads `a<b>` & more')).toBe('reads <code>a&lt;b&gt;</code> &amp; more');
    expect(escapeHtml('a\u202eb\u0007c\td')).toBe('a\ufffdb\ufffdc\td');
  });
});

describe('links', () => {
  it.each(['src/a b.ts', '%ZIS.m', 'a#b?.c', 'ü/ß.py', `${'x'.repeat(250)}.c`])(
    'lead from page to page: %s',
    (file) => {
      const from = pageFile('deep/er/x.ts');
      const url = new URL(relativeLink(from, pageFile(file)), `file:///site/${from}`);
      expect(decodeURIComponent(url.pathname)).toBe(`/site/${pageFile(file)}`);
      for (const part of pageFile(file).split('/')) expect(Buffer.byteLength(part)).toBeLessThan(255);
    },
  );

  it('keeps pages of folders, files and Markdown apart', () => {
    expect(
      new Set([pageFile('a'), folderFile('a', 1), folderFile('a', 2), folderFile('', 1), markdownFile('a')]).size,
    ).toBe(5);
  });
});

describe('data for the browser', () => {
  const entry = (file: string, symbols: readonly EntrySymbol[] = []): FileEntry => ({ path: file, line: '', symbols });

  it('holds every file once in the tree, and no text that ends a script', () => {
    const { text } = treeScript([entry('a/<script>.ts'), entry('a/b/c.ts'), entry('d.ts')]);
    expect(text).not.toContain('<');
    const tree = JSON.parse(text.slice('codegloss.tree('.length, -3)) as unknown;
    expect(tree).toEqual(['', [['a', [['b', [], ['c.ts']]], ['<script>.ts']]], ['d.ts']]);
  });

  it('splits the search into shards that hold every row', () => {
    const symbols = Array.from(
      { length: 40 },
      (_, n): EntrySymbol => ({
        name: `s${n}`,
        symbolPath: `s${n}`,
        kind: 'function',
        startLine: n,
        line: '',
        isStructural: true,
      }),
    );
    const files = Array.from({ length: 300 }, (_, n) => entry(`f${n}.ts`, symbols));
    const shards = [...searchScripts(files)].map(
      ({ text }) => JSON.parse(text.slice(text.indexOf(',') + 1, -3)) as { rows: unknown[] },
    );
    expect(shards.length).toBeGreaterThan(1);
    expect(shards.reduce((sum, { rows }) => sum + rows.length, 0)).toBe(300 * 41);
  });

  it('divides a folder of thousands of files into pages', () => {
    const files = Array.from({ length: 2_500 }, (_, n) => entry(`r/${n}.m`));
    const pages = [...folderPages(files)].filter(({ folder }) => folder === 'r');
    expect(pages.map(({ entries }) => entries.length)).toEqual([1_000, 1_000, 500]);
  });
});

describe('the feature tree', () => {
  const entry = (name: string, line = ''): EntrySymbol => ({
    name,
    symbolPath: name,
    kind: 'function',
    startLine: 0,
    line,
    isStructural: line === '',
  });
  const count = (features: readonly Feature[]): number =>
    features.reduce((sum, { children, leaves }) => sum + leaves.length + count(children), 0);

  it('gathers what is about the same thing, however it is done', () => {
    const symbols = [
      'openInvoice',
      'closeInvoice',
      'printInvoices',
      'readPatient',
      'writePatient',
      'movePatient',
      'hum',
    ].map((name) => entry(name));
    const tree = featureTree([{ path: 'a.ts', line: '', symbols }]);
    expect(tree.map(({ title, count: own }) => [title, own])).toEqual([
      ['Invoice', 3],
      ['Patient', 3],
      ['Other', 1],
    ]);
  });

  it('takes words of a sentence only when names have them, too', () => {
    const symbols = [
      entry('invoiceTotal'),
      entry('sumUp', 'Adds the rows of an invoice.'),
      entry('show', 'Shows an invoice slowly.'),
    ];
    expect(featureTree([{ path: 'a.ts', line: '', symbols }]).map(({ title }) => title)).toEqual(['Invoice']);
  });

  it('holds every symbol once and is the same every time', () => {
    const names = fc.array(fc.stringMatching(/^[a-z]{1,8}([A-Z][a-z]{1,6}){0,3}$/), { maxLength: 60 });
    fc.assert(
      fc.property(names, (all) => {
        const files = [{ path: 'a.ts', line: '', symbols: all.map((name) => entry(name)) }];
        const tree = featureTree(files);
        expect(count(tree)).toBe(all.length);
        expect(featureTree(files)).toEqual(tree);
      }),
    );
  });
});

describe('the call picture', () => {
  it('shows callers, own symbols and callees, and nothing where nothing calls', () => {
    const other = { path: 'x.ts', name: 'other<', line: 4 };
    const picture = callPicture(
      page('', { symbols: [symbol('own', 0, { callers: [other], callees: [{ ...other, path: 'y.ts' }] })] }),
    );
    expect(picture?.match(/class="call"/g)).toHaveLength(2);
    expect(picture).toContain('other&lt;');
    expect(picture).toContain('href="../../files/x.ts.html#L5"');
    expect(callPicture(page('', { symbols: [symbol('own', 0)] }))).toBeUndefined();
  });
});

describe('Markdown', () => {
  it('keeps names and sentences from becoming markup', () => {
    const summary = {
      line: '[x](command:y) <b>',
      paragraph: '',
      claims: [],
      freshness: 'stale' as const,
      source: 'openai m',
      isStructural: false,
    };
    const text = markdownPage(page('', { path: 'a`b.ts', summary }));
    expect(text).toContain("# `a'b.ts`");
    expect(text).not.toContain('[x](');
    expect(text).not.toContain('<b>');
    expect(text).toContain('outdated');
  });
});

describe('writing a site', () => {
  const scratch: string[] = [];
  const folder = (): string => {
    const made = mkdtempSync(path.join(tmpdir(), 'codegloss-site-'));
    scratch.push(made);
    return made;
  };
  afterEach(() => {
    for (const each of scratch.splice(0)) rmSync(each, { recursive: true, force: true });
  });
  const templates = path.resolve(import.meta.dirname, '../../../media/site');

  it('replaces its own site in whole', async () => {
    const out = path.join(folder(), 'site');
    const first = await openSite(out, templates);
    await first.write('old.html', 'old');
    await first.finish();
    const second = await openSite(out, templates);
    await second.write('deep/new.html', 'new');
    expect(readdirSync(out)).toContain('old.html');
    await second.finish();
    expect(readdirSync(out).sort()).toEqual(['.codegloss-site', 'assets', 'deep']);
    expect(readFileSync(path.join(out, 'deep/new.html'), 'utf8')).toBe('new');
  });

  it('never overwrites a folder of somebody else', async () => {
    const out = path.join(folder(), 'precious');
    mkdirSync(out);
    writeFileSync(path.join(out, 'thesis.txt'), 'ten years');
    await expect(openSite(out, templates)).rejects.toThrow(/no export made/);
    expect(readdirSync(out)).toEqual(['thesis.txt']);
  });
});
