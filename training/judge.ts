/**
 * Beside predictions: what the product's own checks (trust.ts, confidence left out) say of each, and the outline producer's line.
 *
 * Reads JSON lines {id, lang, name, kind, path, owner, calls, callees, examples, code, text} from standard input and writes {id, reason,
 * outline}; `reason` is null where nothing but the confidence decides. `node training/judge.ts < inputs > outputs`.
 */
import { createInterface } from 'node:readline';
import type { ModelDescription } from '../server/src/model/embedded/description.ts';
import type { PromptInput } from '../server/src/model/embedded/tasks.ts';
import { distrust } from '../server/src/model/embedded/trust.ts';
import { outlineProducer } from '../server/src/model/outline/outline.ts';
import { requestMaker } from '../server/src/summary/request.ts';
import { subjectOf } from '../server/src/summary/subjects.ts';
import { subjectLines } from '../server/src/summary/subjectSource.ts';
import { repositoryAssets } from '../server/src/syntax/assets.ts';
import { createSyntax } from '../server/src/syntax/syntax.ts';
import { type LanguageId, languageIds } from '../server/src/types/outline.ts';

interface Row extends Omit<PromptInput, 'language'> {
  readonly id: number;
  readonly lang: string;
  readonly name: string;
  readonly text: string;
}

/** A method alone is no program in these: it is read inside a class. */
const classLanguages: ReadonlySet<string> = new Set(['java', 'csharp', 'php', 'kotlin', 'scala', 'swift', 'typescript', 'javascript', 'cpp']);

const syntax = createSyntax({ locate: repositoryAssets('.') });
const producer = outlineProducer();

function languageOf(name: string): LanguageId | undefined {
  return languageIds.find((id) => id === name);
}

function sourcesOf(row: Row): readonly string[] {
  const plain = row.lang === 'php' ? `<?php\n${row.code}` : row.code;
  if (!classLanguages.has(row.lang)) return [plain];
  return [plain, `${row.lang === 'php' ? '<?php\n' : ''}class Owner {\n${row.code}\n}`];
}

/** The outline producer's line, or undefined where the lone symbol cannot be parsed. */
async function outlineOf(row: Row, language: LanguageId): Promise<string | undefined> {
  const last = row.name.split(/[.:#^]+/).at(-1) ?? row.name;
  for (const source of sourcesOf(row)) {
    const parsed = await syntax.open(language, source);
    const index = parsed.outline.symbols.findIndex(({ name }) => name === row.name || name === last || name.endsWith(`.${last}`));
    if (index >= 0) {
      const document = { uri: 'file:///lone', path: row.path, repository: '', syntax: parsed };
      const style = { language: '', length: 'medium', instructions: '' } as const;
      const lines = subjectLines(parsed, subjectOf(document, index).range, { comments: 'keep', parts: [] });
      const make = requestMaker(document, index, { parts: [], lines, style, priority: 'hover', placeholders: [] });
      const { symbol, ...request } = make('lone', [], undefined);
      const { doc: _doc, ...undocumented } = symbol ?? { name: last };
      const produced = await producer.produce({ ...request, ...(symbol === undefined ? {} : { symbol: undocumented }) } as typeof request, new AbortController().signal);
      parsed.dispose();
      return produced.kind === 'text' ? produced.summary.line : undefined;
    }
    parsed.dispose();
  }
  return undefined;
}

const sure = { calibration: {} } as unknown as ModelDescription;

for await (const line of createInterface({ input: process.stdin })) {
  const row = JSON.parse(line) as Row;
  const language = languageOf(row.lang);
  if (language === undefined) continue;
  const input: PromptInput = { language, path: row.path, owner: row.owner, calls: row.calls, callees: row.callees, examples: row.examples, code: row.code };
  const reason = distrust({ text: row.text, confidence: 2, lowest: 0, fit: 1, inputTokens: 0, cachedTokens: 0, outputTokens: 0 }, input, { name: row.name, description: sure }) ?? null;
  const outline = (await outlineOf(row, language).catch(() => undefined)) ?? null;
  process.stdout.write(`${JSON.stringify({ id: row.id, reason, outline })}\n`);
}
