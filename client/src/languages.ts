import type { DocumentFilter } from 'vscode';

/** Editor ids of the languages that CodeGloss reads. `test/unit/package.test.ts` holds the manifest's activation events to this list. */
export const readLanguages = [
  'typescript',
  'typescriptreact',
  'javascript',
  'javascriptreact',
  'python',
  'java',
  'c',
  'cpp',
  'cuda-cpp',
  'csharp',
  'go',
  'rust',
  'ruby',
  'php',
  'kotlin',
  'scala',
  'swift',
  'shellscript',
  'lua',
  'mumps',
  'hlasm',
  'asm',
] as const;

/** Ids that other extensions give to the same legacy languages: we work beside them and own none of them. */
export const foreignLanguages = [
  'M',
  'm',
  'mumps-m',
  'objectscript-int',
  'objectscript-routine',
  'hlasmListing',
  'hlasmOptions',
  'ibmhlasm',
  'alc',
  'asm-collection',
  'nasm',
  'masm',
  'gas',
  'arm',
  'arm64',
  'asm-intel-x86',
  'asm-intel-x86-generic',
  'assembly',
  'x86asm',
  'platformio-debug.asm',
  'riscv',
  'avr',
] as const;

/** A `.m` file may be MUMPS whatever the editor takes it for; the server looks at its content. */
export const ambiguousLanguages = ['objective-c', 'matlab'] as const;

/** Not in diffs, source control or output: only files that somebody edits. */
const schemes = ['file', 'untitled', 'vscode-vfs'] as const;

export const documentSelector: readonly (DocumentFilter & { readonly scheme: string; readonly language: string })[] = [
  ...schemes.flatMap((scheme) => [...readLanguages, ...foreignLanguages].map((language) => ({ scheme, language }))),
  ...ambiguousLanguages.map((language) => ({ scheme: 'file', language, pattern: '**/*.{m,M}' })),
];

/** Ids that we contribute ourselves, with grammars of our own. */
const ownLanguages = ['mumps', 'hlasm', 'asm'] as const;

/** Of a manifest, what may colour a language. */
interface Contributions {
  readonly languages?: readonly { readonly id?: unknown }[];
  readonly grammars?: readonly { readonly language?: unknown }[];
}

/** An extension's manifest, as far as it may colour a language. */
export interface Manifest {
  readonly contributes?: Contributions | undefined;
}

/** Our own ids that no other extension contributes or has a grammar for: nobody else colours these, so that we may. */
export function uncoloredLanguages(others: readonly Manifest[]): readonly string[] {
  const taken = new Set<unknown>();
  for (const { contributes } of others) {
    for (const { id } of asList(contributes?.languages)) taken.add(id);
    for (const { language } of asList(contributes?.grammars)) taken.add(language);
  }
  return ownLanguages.filter((id) => !taken.has(id));
}

/** Manifests of others hold what they like. */
function asList<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}

/** Endings that stay plain text unless some extension claims them, and the id that we then give them. */
const unclaimedEndings: readonly (readonly [RegExp, string])[] = [[/\.(s|asm|asm64|inc)$/i, 'asm']];

/** The language for a file that nobody claims; undefined for ordinary plain text. */
export function languageForUnclaimed(path: string): string | undefined {
  return unclaimedEndings.find(([ending]) => ending.test(path))?.[1];
}
