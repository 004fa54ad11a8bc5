import type { SyntaxDocument } from '../syntax/document.ts';
import type { CallSite, LanguageId } from '../types/outline.ts';
import { type Binding, pythonBindings, scriptBindings } from './moduleNames.ts';
import { type TypeNote, typeNotes } from './typeNotes.ts';

/** What a file says of names beyond its symbols: which it has from other files or hands on, and the types of its variables and fields. */
export interface FileLinks {
  readonly bindings: readonly Binding[];
  readonly types: readonly TypeNote[];
}

const scripts: ReadonlySet<LanguageId> = new Set(['typescript', 'typescriptreact', 'javascript', 'javascriptreact']);
const none: FileLinks = { bindings: [], types: [] };

/** True for the languages whose files say by themselves what their imports mean. */
export function hasLinks(language: string): boolean {
  return language === 'python' || scripts.has(language as LanguageId);
}

/** Links of a file as text, as the index keeps them; empty where there are none. @param receivers of the calls in the file */
export function linksOf(doc: SyntaxDocument, imports: readonly CallSite[], receivers: readonly string[]): string {
  if (!hasLinks(doc.language)) return '';
  const statements = [...new Map(imports.map(({ range }) => [doc.offsetAt(range.start), doc.textIn(range)])).values()];
  const bindings =
    doc.language === 'python' ? pythonBindings(doc.text, statements) : scriptBindings(doc.text, statements);
  const types = typeNotes(doc, receivers);
  return bindings.length + types.length === 0 ? '' : JSON.stringify([bindings, types]);
}

/** What `linksOf` wrote; it may come from another machine, so that a row that is none is left out. */
export function readLinks(text: string): FileLinks {
  if (text === '') return none;
  try {
    const [bindings, types] = JSON.parse(text) as readonly unknown[];
    return { bindings: rows(bindings).filter(isBinding), types: rows(types).filter(isNote) };
  } catch {
    return none;
  }
}

function rows(value: unknown): readonly (readonly unknown[])[] {
  return Array.isArray(value) ? value.filter((row): row is readonly unknown[] => Array.isArray(row)) : [];
}

function isBinding(row: readonly unknown[]): row is Binding {
  return row.length === 3 && row.every((part) => typeof part === 'string');
}

function isNote(row: readonly unknown[]): row is TypeNote {
  const [owner, name, type, line] = row;
  return Number.isInteger(owner) && typeof name === 'string' && typeof type === 'string' && Number.isInteger(line);
}
