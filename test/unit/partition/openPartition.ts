import { fileURLToPath } from 'node:url';
import { type LegalCut, legalCuts } from '../../../server/src/partition/cuts.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';

export const syntax = createSyntax({ locate: repositoryAssets(fileURLToPath(new URL('../../../', import.meta.url))) });

export async function withDocument<T>(
  language: LanguageId,
  text: string,
  use: (document: SyntaxDocument) => T | Promise<T>,
): Promise<T> {
  const document = await syntax.open(language, text);
  try {
    return await use(document);
  } finally {
    document.dispose();
  }
}

export function cutsOf(language: LanguageId, lines: readonly string[]): Promise<readonly LegalCut[]> {
  return withDocument(language, lines.join('\n'), legalCuts);
}

/** `line:strength` of every cut. */
export async function strengthsOf(language: LanguageId, lines: readonly string[]): Promise<readonly string[]> {
  return (await cutsOf(language, lines)).map(({ line, strength }) => `${line}:${strength}`);
}
