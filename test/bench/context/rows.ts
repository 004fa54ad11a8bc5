import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { subjectOf } from '../../../server/src/summary/subjects.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import type { Syntax, SyntaxDocument } from '../../../server/src/syntax/document.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import type { Subject } from '../../../server/src/types/summary.ts';
import { type GoldCall, pythonGold } from './callGold.ts';
import type { IndexedCorpus, McsnRow } from './corpus.ts';

/** A row with its symbol found in the repository, and what a compiler says that it uses there. */
export interface TargetRow {
  readonly row: McsnRow;
  readonly subject: Subject;
  readonly doc: SyntaxDocument;
  /** Names of functions and classes of the repository that it calls, by pyright. */
  readonly dependencies: ReadonlySet<string>;
}

export interface TargetRows {
  readonly syntax: Syntax;
  readonly targets: readonly TargetRow[];
  dispose(): void;
}

/** @param known what pyright said of these files before */
export async function openRows(
  corpus: IndexedCorpus,
  rows: readonly McsnRow[],
  known?: readonly GoldCall[],
): Promise<TargetRows> {
  const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
  const files = [...new Set(rows.map((row) => row.method_path))];
  const calls = known ?? (await pythonGold(corpus.root, files));
  const targets: TargetRow[] = [];
  for (const row of rows) {
    const doc = await syntax.open('python', readFileSync(path.join(corpus.root, row.method_path), 'utf8'));
    const index = doc.outline.symbols.findIndex(
      ({ name, range }) =>
        name === row.method_name.split('.').at(-1) && Math.abs(range.start.line - row.startLine) <= 4,
    );
    if (index < 0) {
      doc.dispose();
      continue;
    }
    const document = {
      uri: pathToFileURL(path.join(corpus.root, row.method_path)).href,
      path: row.method_path,
      repository: 'corpus',
      syntax: doc,
    };
    const subject = subjectOf(document, index);
    const { start, end } = subject.range;
    const dependencies = new Set(
      calls
        .filter(({ at, callee }) => {
          const isInside = at.path === row.method_path && at.line >= start.line && at.line <= end.line;
          const isOwn = callee?.path === row.method_path && callee.line >= start.line && callee.line <= end.line;
          return isInside && callee !== undefined && !isOwn;
        })
        .map(({ name }) => name),
    );
    targets.push({ row, subject, doc, dependencies });
  }
  return {
    syntax,
    targets,
    dispose() {
      for (const { doc } of targets) doc.dispose();
      syntax.dispose();
    },
  };
}

/** Whether a text shows what a name stands for: its definition or signature, not only its use. */
export function showsDefinition(text: string, name: string): boolean {
  return new RegExp(`\\b(def|class)\\s+${name}\\b`).test(text);
}
