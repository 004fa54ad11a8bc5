import type { SyntaxDocument } from '../syntax/document.ts';
import { asmCuts } from './asmCuts.ts';
import { blockCuts } from './blockCuts.ts';
import type { LegalCut } from './cutMap.ts';
import { hlasmCuts } from './hlasmCuts.ts';
import { mumpsCuts } from './mumpsCuts.ts';

/** The legal cut lines of a document with their strengths, by the rules of its language; sorted by line. */
export function legalCuts(document: SyntaxDocument): readonly LegalCut[] {
  switch (document.language) {
    case 'mumps':
      return mumpsCuts(document);
    case 'hlasm':
      return hlasmCuts(document);
    case 'asm':
      return asmCuts(document);
    default:
      return blockCuts(document);
  }
}

export type { CutStrength, LegalCut } from './cutMap.ts';
