import { fileURLToPath } from 'node:url';
import { legalCuts } from '../../../server/src/partition/cuts.ts';
import { LineMeasure, type PartitionInput } from '../../../server/src/partition/strategy.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import type { MaskedFile } from './pack.ts';

export const syntax = createSyntax({ locate: repositoryAssets(fileURLToPath(new URL('../../../', import.meta.url))) });

/** Opens a masked file as strategies see it; closed when `use` is done. */
export async function openInput<T>(file: MaskedFile, use: (input: PartitionInput) => T | Promise<T>): Promise<T> {
  const text = file.lines.join('\n');
  const document = await syntax.open(file.language, text);
  try {
    return await use({ document, lines: new LineMeasure(text), cuts: legalCuts(document) });
  } finally {
    document.dispose();
  }
}
