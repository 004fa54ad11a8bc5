/**
 * `node test/bench/drift/drift.ts GIT_DIR… [--commits N] [--json FILE]`: precision and recall of `findDrift` on the history of public projects.
 *
 * An event is a commit that changes the code of a documented symbol and leaves its comment as it is. It is mended when a later commit changes
 * that comment; kept when the comment has stood unchanged to the head. The detector sees the file before and after the event and nothing
 * later; what it reported of the file before already is not counted for the event. A mended comment may have been edited for another reason
 * (spelling, style), so that recall is measured against more than drift; where the mending edit takes out the very words that were reported,
 * the report is `exact`. An event is mended *for its own sake* when the mending edit takes a word out of the comment that the event took out of
 * the code: recall over these says more.
 */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { findAssets } from '../../../server/src/assets.ts';
import { locateAssets } from '../../../server/src/core.ts';
import { codeWords } from '../../../server/src/drift/codeWords.ts';
import { findDrift } from '../../../server/src/drift/findDrift.ts';
import { languageOf } from '../../../server/src/syntax/detect.ts';
import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import { symbolPaths } from '../../../server/src/syntax/symbolPaths.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';

const maxCharacters = 200_000;
const source = /\.(py|java|js|ts|tsx|cs|php|c|cpp|cc|h)$/;

interface Event {
  readonly commit: string;
  readonly file: string;
  readonly symbol: string;
  readonly outcome: 'mended' | 'kept' | 'gone';
  readonly mendedBy?: string;
  readonly reported: readonly string[];
  readonly exact: boolean;
  /** The mending edit takes out a word that the event took out of the code. */
  readonly related: boolean;
}

function git(dir: string, args: readonly string[]): string {
  const { stdout, status } = spawnSync('git', ['--git-dir', dir, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return status === 0 ? stdout : '';
}

/** Reads many versions through one process. */
class Blobs {
  readonly #child;
  readonly #waiting: ((text: string | undefined) => void)[] = [];
  #buffer = Buffer.alloc(0);

  constructor(dir: string) {
    this.#child = spawn('git', ['--git-dir', dir, 'cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdout.on('data', (data: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, data]);
      this.#drain();
    });
  }

  read(name: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin.write(`${name}\n`);
    });
  }

  close(): void {
    this.#child.stdin.end();
  }

  #drain(): void {
    for (;;) {
      const line = this.#buffer.indexOf(10);
      if (line < 0 || this.#waiting.length === 0) return;
      const head = this.#buffer.subarray(0, line).toString();
      const size = /^[0-9a-f]+ blob (\d+)$/.exec(head)?.[1];
      if (size === undefined) {
        this.#buffer = this.#buffer.subarray(line + 1);
        this.#waiting.shift()?.(undefined);
        continue;
      }
      const end = line + 1 + Number(size);
      if (this.#buffer.length < end + 1) return;
      const text = this.#buffer.subarray(line + 1, end).toString();
      this.#buffer = this.#buffer.subarray(end + 1);
      this.#waiting.shift()?.(text);
    }
  }
}

const syntax = createSyntax({ locate: locateAssets(findAssets(import.meta.dirname)) });

async function open(file: string, text: string | undefined): Promise<SyntaxDocument | undefined> {
  if (text === undefined || text.length > maxCharacters) return undefined;
  const language = languageOf({ path: file, text });
  return language === undefined ? undefined : syntax.open(language, text);
}

interface Documented {
  readonly doc: string;
  readonly code: string;
}

function documented(document: SyntaxDocument): ReadonlyMap<string, Documented> {
  const paths = symbolPaths(document.outline);
  const found = new Map<string, Documented>();
  for (const [index, { doc, kind, range }] of document.outline.symbols.entries()) {
    if (doc === undefined || !/^(function|method|constructor)$/.test(kind)) continue;
    found.set(paths[index] ?? '', { doc: folded(doc), code: codeText(document, range) });
  }
  return found;
}

function codeText(document: SyntaxDocument, range: SyntaxDocument['outline']['symbols'][number]['range']): string {
  return [...codeWords(document, range)].join(' ');
}

function lost(before: string, after: string): ReadonlySet<string> {
  const kept = new Set(wordsIn(after));
  return new Set(wordsIn(before).filter((word) => !kept.has(word)));
}

const wordsIn = (text: string): readonly string[] => text.match(/[\p{L}_][\p{L}\p{N}_]{3,}/gu) ?? [];

function shareWord(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return [...left].some((word) => right.has(word));
}

const folded = (text: string): string => text.replace(/\s+/g, ' ').trim();

function reports(document: SyntaxDocument, before?: SyntaxDocument): ReadonlyMap<string, readonly string[]> {
  const paths = symbolPaths(document.outline);
  const found = new Map<string, string[]>();
  for (const { symbol, kind, name } of findDrift(document, before)) {
    const key = paths[symbol] ?? '';
    found.set(key, [...(found.get(key) ?? []), `${kind} ${name}`.trim()]);
  }
  return found;
}

/** Later versions of a file, oldest first, and whether the comment of a symbol was changed in one of them. */
async function outcomeOf(
  later: readonly (readonly [commit: string, documented: ReadonlyMap<string, Documented>])[],
  symbol: string,
  doc: string,
): Promise<{ readonly outcome: Event['outcome']; readonly mendedBy?: string; readonly to?: string }> {
  for (const [commit, symbols] of later) {
    const now = symbols.get(symbol);
    if (now === undefined) return { outcome: 'gone' };
    if (now.doc !== doc) return { outcome: 'mended', mendedBy: commit, to: now.doc };
  }
  return { outcome: 'kept' };
}

async function eventsOfFile(dir: string, blobs: Blobs, file: string, limit: number): Promise<readonly Event[]> {
  const commits = git(dir, [
    'log',
    '--follow',
    '--name-only',
    `--max-count=${limit}`,
    '--format=%x00%H',
    'HEAD',
    '--',
    file,
  ])
    .split('\0')
    .flatMap((entry) => {
      const [commit = '', name = ''] = entry.split('\n').filter((line) => line !== '');
      return name === '' ? [] : [{ commit, name }];
    })
    .reverse();
  const versions: { commit: string; document: SyntaxDocument; symbols: ReadonlyMap<string, Documented> }[] = [];
  try {
    for (const { commit, name } of commits) {
      const document = await open(name, await blobs.read(`${commit}:${name}`));
      if (document !== undefined) versions.push({ commit, document, symbols: documented(document) });
    }
    const events: Event[] = [];
    for (const [index, after] of versions.entries()) {
      const before = versions[index - 1];
      if (before === undefined) continue;
      const changed = [...after.symbols].filter(([name, { doc, code }]) => {
        const old = before.symbols.get(name);
        return old !== undefined && old.doc === doc && old.code !== code;
      });
      if (changed.length === 0) continue;
      const already = reports(before.document);
      const now = reports(after.document, before.document);
      const later = versions.slice(index + 1).map(({ commit, symbols }) => [commit, symbols] as const);
      for (const [symbol, { doc }] of changed) {
        const old = new Set(already.get(symbol) ?? []);
        const reported = (now.get(symbol) ?? []).filter((each) => !old.has(each));
        const { outcome, mendedBy, to } = await outcomeOf(later, symbol, doc);
        const exact = to !== undefined && reported.some((each) => !to.includes(each.split(' ')[1] ?? '\0'));
        const codeBefore = before.symbols.get(symbol)?.code ?? '';
        const codeAfter = after.symbols.get(symbol)?.code ?? '';
        const related = to !== undefined && shareWord(lost(codeBefore, codeAfter), lost(doc, to));
        events.push({
          related,
          commit: after.commit,
          file,
          symbol,
          outcome,
          reported,
          exact,
          ...(mendedBy === undefined ? {} : { mendedBy }),
        });
      }
    }
    return events;
  } finally {
    for (const { document } of versions) document.dispose();
  }
}

function shown(name: string, events: readonly Event[]): string {
  const count = (test: (event: Event) => boolean): number => events.filter(test).length;
  const mended = count(({ outcome }) => outcome === 'mended');
  const kept = count(({ outcome }) => outcome === 'kept');
  const hit = count(({ outcome, reported }) => outcome === 'mended' && reported.length > 0);
  const exact = count(({ exact: each }) => each);
  const own = count(({ related }) => related);
  const ownHit = count(({ related, reported }) => related && reported.length > 0);
  const miss = count(({ outcome, reported }) => outcome === 'kept' && reported.length > 0);
  const share = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)}%`);
  return `| ${name} | ${mended} | ${kept} | ${hit} (${exact} exact) | ${miss} | ${share(hit, hit + miss)} | ${share(hit, mended)} | ${ownHit} of ${own} (${share(ownHit, own)}) | ${share(mended, mended + kept)} |`;
}

const args = process.argv.slice(2);
const option = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const limit = Number(option('--commits') ?? 120);
const maxFiles = Number(option('--files') ?? 150);
const json = option('--json');
const dirs = args.filter((each, index) => !each.startsWith('--') && !args[index - 1]?.startsWith('--'));
const all: Record<string, readonly Event[]> = {};
console.log(
  '| project | mended | kept | reported and mended | reported and kept | precision | recall | recall of those mended for their own sake | base rate |\n|---|---|---|---|---|---|---|---|---|',
);
for (const dir of dirs) {
  const name = path.basename(path.dirname(path.resolve(dir))).replace('+', '/');
  const files = git(dir, ['ls-tree', '-r', '--name-only', 'HEAD'])
    .split('\n')
    .filter((file) => source.test(file) && !/(^|\/)(tests?|docs?|examples?)\//.test(file))
    .slice(0, maxFiles);
  const blobs = new Blobs(dir);
  const events: Event[] = [];
  for (const file of files) events.push(...(await eventsOfFile(dir, blobs, file, limit)));
  blobs.close();
  all[name] = events;
  console.log(shown(name, events));
}
console.log(shown('all', Object.values(all).flat()));
if (json !== undefined) writeFileSync(json, JSON.stringify(all, null, 1));
syntax.dispose();
