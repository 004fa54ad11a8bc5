import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { languageOf } from '../../../server/src/syntax/detect.ts';
import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const fixtures = `${root}test/fixtures/languages/`;
export const syntax = createSyntax({ locate: repositoryAssets(root) });

export function readFixture(name: string): { readonly text: string; readonly language: LanguageId } {
  const text = readFileSync(fixtures + name, 'utf8');
  const language = languageOf({ path: name, text });
  if (language === undefined) throw new Error(`No language for ${name}`);
  return { text, language };
}

/** One line per symbol: depth by indentation, kind, name, 1-based lines, first line of the doc comment. */
export function drawOutline(document: SyntaxDocument): string {
  const { symbols } = document.outline;
  const depths: number[] = [];
  return symbols
    .map(({ kind, name, range, parent, doc }) => {
      const depth = parent === undefined ? 0 : (depths[parent] ?? 0) + 1;
      depths.push(depth);
      const words = doc === undefined ? '' : ` — ${doc.split('\n')[0]}`;
      return `${'  '.repeat(depth)}${kind} ${name} ${range.start.line + 1}-${range.end.line + 1}${words}\n`;
    })
    .join('');
}
