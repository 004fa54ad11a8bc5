import { foreignLanguages } from './languages.ts';

/** Extensions that navigate legacy code themselves, by their published ids, and the editor ids that are theirs. */
const navigators: Readonly<Record<string, readonly string[]>> = {
  'broadcommfd.hlasm-language-support': ['hlasm', 'hlasmListing', 'hlasmOptions', 'ibmhlasm', 'alc'],
  'jewuma.mumps-debug': ['mumps'],
  'dsilin.mumps': ['mumps'],
  'intersystems-community.vscode-objectscript': ['objectscript-int', 'objectscript-routine'],
  'intersystems.language-server': ['objectscript-int', 'objectscript-routine'],
};

/**
 * Editor ids for which we give definition, references, symbols and call hierarchy: those that no other extension navigates, because the
 * editor would show both answers. @param isInstalled asks for an extension by its id
 */
export function navigatedLanguages(isInstalled: (extension: string) => boolean): readonly string[] {
  const taken = new Set(Object.entries(navigators).flatMap(([id, languages]) => (isInstalled(id) ? languages : [])));
  return ['mumps', 'hlasm', 'asm', ...foreignLanguages].filter((id) => !taken.has(id));
}
