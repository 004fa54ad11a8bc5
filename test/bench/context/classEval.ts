import { pathToFileURL } from 'node:url';
import { createRepositoryContext } from '../../../server/src/context/repositoryContext.ts';
import { subjectOf } from '../../../server/src/summary/subjects.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import { indexed, packRows, writeFiles } from './corpus.ts';

interface ClassRow {
  readonly task_id: string;
  readonly class_code: string;
  readonly methods: readonly {
    readonly name: string;
    readonly fields: readonly string[];
    readonly methods: readonly string[];
  }[];
}

/** Fields and methods of its class that a method uses, and whether its context shows them, at each budget. */
export async function classEvalTable(): Promise<string> {
  const rows = packRows<ClassRow>('retrieval/classeval-dependencies.jsonl');
  const corpus = await indexed(writeFiles(new Map(rows.map((row) => [`${row.task_id}.py`, row.class_code]))));
  const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
  const context = createRepositoryContext({
    sourceOf: () => corpus.source,
    syntax,
    lineOf: () => undefined,
    lineAt: () => undefined,
  });
  const lines = ['| budget | methods found | fields found | tokens |', '| ---: | ---: | ---: | ---: |'];
  for (const budget of [250, 500, 1000]) {
    const tally = { methods: 0, methodsFound: 0, fields: 0, fieldsFound: 0, tokens: 0, subjects: 0 };
    for (const row of rows) {
      const path = `${row.task_id}.py`;
      const doc = await syntax.open('python', row.class_code);
      for (const method of row.methods) {
        const index = doc.outline.symbols.findIndex(({ name, kind }) => name === method.name && kind !== 'class');
        if (index < 0) continue;
        const document = { uri: pathToFileURL(`/${path}`).href, path, repository: 'classes', syntax: doc };
        const pieces = await context.gather(subjectOf(document, index), doc, budget, new AbortController().signal);
        const text = pieces.map((piece) => piece.text).join('\n');
        tally.subjects++;
        tally.tokens += pieces.reduce((sum, { tokens }) => sum + tokens, 0);
        for (const name of method.methods) {
          tally.methods++;
          if (new RegExp(`\\bdef ${name}\\b`).test(text)) tally.methodsFound++;
        }
        for (const field of method.fields) {
          tally.fields++;
          if (new RegExp(`\\b${field.replace(/^self\./, '')}\\b`).test(text)) tally.fieldsFound++;
        }
      }
      doc.dispose();
    }
    const share = (found: number, all: number): string => `${(found / all).toFixed(3)} of ${all}`;
    lines.push(
      `| ${budget} | ${share(tally.methodsFound, tally.methods)} | ${share(tally.fieldsFound, tally.fields)} | ${(tally.tokens / tally.subjects).toFixed(0)} |`,
    );
  }
  context.dispose();
  syntax.dispose();
  corpus.dispose();
  return lines.join('\n');
}
