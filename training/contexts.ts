/**
 * Step 2: builds, for every pair of a prepared shard, the context that the product would show beside it.
 *
 * Output `contexts-*.jsonl.zst`: line i belongs to pair i of the same shard and holds `[callees, examples]`, both lists
 * of pair numbers in that shard: callees that are documented in the same repository, and the nearest documented symbols
 * of the same repository by the product's own ranking. Pairs whose normalized code or comment equals the target's are
 * never used. Run with the pinned Node: `node training/contexts.ts PREPARED_DIR [PART/PARTS]`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { textTerms } from '../server/src/repository/identifiers.ts';
import { buildLexicalIndex, NAME_WEIGHT } from '../server/src/repository/lexicalRank.ts';

const MAX_CALLEES = 5;
const MAX_EXAMPLES = 2;
/** Ranked candidates looked at before too-similar ones are left out. */
const CANDIDATES = 12;
const MAX_BODY_TERMS = 300;
/** A name defined more often than this in a repository says too little about which one is called. */
const MAX_HOMONYMS = 3;

interface Pair {
  readonly repo: string;
  readonly path: string;
  readonly name: string;
  readonly code: string;
  readonly doc: string;
  readonly calls: readonly string[];
}

interface Subject {
  readonly id: number;
  readonly pair: Pair;
  readonly code: string;
  readonly doc: string;
}

function normalized(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

function lastName(name: string): string {
  return name.split(/[.:#^]+/).at(-1) ?? name;
}

function repositoriesOf(pairs: readonly Pair[]): readonly (readonly Subject[])[] {
  const byRepository = new Map<string, Subject[]>();
  pairs.forEach((pair, id) => {
    const subjects = byRepository.get(pair.repo) ?? [];
    subjects.push({ id, pair, code: normalized(pair.code), doc: normalized(pair.doc) });
    byRepository.set(pair.repo, subjects);
  });
  return [...byRepository.values()];
}

function mayShow(target: Subject, other: Subject): boolean {
  return other.id !== target.id && other.code !== target.code && other.doc !== target.doc;
}

function calleesOf(target: Subject, byName: ReadonlyMap<string, readonly Subject[]>): readonly number[] {
  const found: number[] = [];
  for (const call of target.pair.calls) {
    const homonyms = byName.get(lastName(call)) ?? [];
    const nearby = homonyms.filter((other) => other.pair.path === target.pair.path);
    const choice = nearby.length === 1 ? nearby : homonyms;
    const callee = choice.length <= MAX_HOMONYMS ? choice.find((other) => mayShow(target, other)) : undefined;
    if (callee !== undefined && !found.includes(callee.id)) found.push(callee.id);
    if (found.length === MAX_CALLEES) break;
  }
  return found;
}

function contextsOf(subjects: readonly Subject[], write: (id: number, context: readonly (readonly number[])[]) => void): void {
  const terms = subjects.map(({ pair }) => ({
    name: textTerms(lastName(pair.name)),
    code: textTerms(pair.code, MAX_BODY_TERMS),
    doc: textTerms(pair.doc),
  }));
  const index = buildLexicalIndex(
    terms.map(({ name, code, doc }) => [
      { terms: name, weight: NAME_WEIGHT },
      { terms: code, weight: 1 },
      { terms: doc, weight: 1 },
    ]),
  );
  const byName = Map.groupBy(subjects, ({ pair }) => lastName(pair.name));
  subjects.forEach((target, position) => {
    const own = terms[position];
    const ranked = own === undefined ? [] : index.rank([...own.name, ...own.code], CANDIDATES);
    const callees = calleesOf(target, byName);
    const examples: Subject[] = [];
    for (const { document } of ranked) {
      const other = subjects[document];
      if (other === undefined || !mayShow(target, other) || callees.includes(other.id)) continue;
      if (examples.some((example) => example.doc === other.doc)) continue;
      examples.push(other);
      if (examples.length === MAX_EXAMPLES) break;
    }
    write(target.id, [callees, examples.map(({ id }) => id)]);
  });
}

function processShard(directory: string, file: string): void {
  const text = zstdDecompressSync(readFileSync(join(directory, file))).toString('utf8');
  const pairs = text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Pair);
  const lines: string[] = new Array<string>(pairs.length).fill('[[],[]]');
  for (const subjects of repositoriesOf(pairs)) {
    contextsOf(subjects, (id, context) => {
      lines[id] = JSON.stringify(context);
    });
  }
  const output = join(directory, file.replace(/^pairs-/, 'contexts-'));
  writeFileSync(output, zstdCompressSync(Buffer.from(`${lines.join('\n')}\n`)));
  process.stderr.write(`${file}: ${pairs.length} pairs\n`);
}

const [directory = '.train/prepared', part = '0/1'] = process.argv.slice(2);
const [own = 0, parts = 1] = part.split('/').map(Number);
const shards = readdirSync(directory).filter((file) => /^pairs-.*\.jsonl\.zst$/.test(file)).sort();
shards.filter((_, number) => number % parts === own).forEach((file) => processShard(directory, file));
