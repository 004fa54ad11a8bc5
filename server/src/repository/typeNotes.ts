import type { SyntaxDocument } from '../syntax/document.ts';
import { callbackNotes } from './callbackNotes.ts';
import { chainAt, typeNameOf } from './expressionText.ts';

/**
 * What a file says of the type of a variable or field: `owner` is the index of the symbol that declares it (a function for its variables, a class
 * for its fields, -1 for the file), `type` a class name as written, or `=` and an expression whose type it has. `return` is what a function
 * without a declared return type returns; `this.x` in a method is the field `x` of its class, seen from there. `()` is how an interface is
 * called: its parameters as written. `line` is 0-based. With `endLine` the note counts from its line to that one only: it is of a parameter of a
 * function that is handed to a call, whose type may be that of `callbackOf`.
 */
export type TypeNote = readonly [owner: number, name: string, type: string, line: number, endLine?: number];

const maxNotes = 4000;
const maxType = 120;
const classKinds: ReadonlySet<string> = new Set(['class', 'interface', 'struct', 'object']);

interface Found {
  readonly at: number;
  readonly name: string;
  readonly type: string;
  readonly of: 'variable' | 'field' | 'return' | 'parameter';
  readonly endLine?: number;
}

const modifiers = '(?:(?:public|private|protected|readonly|static|declare|override|abstract|accessor|export)[ \\t]+)*';
const script = {
  variable: /\b(?:const|let|var)\s+([\w$]+)\s*(?::\s*([^=;\n]{1,200}?)\s*(?=[=;\n]|$))?(=(?![=>])\s*)?/g,
  field: new RegExp(`^[ \\t]+${modifiers}([\\w$#]+)[?!]?\\s*(?::\\s*([^=;\\n]{1,200})|(=(?![=>])\\s*))`, 'gm'),
  assigned: /\bthis\.([\w$#]+)\s*()(=(?![=>])\s*)/g,
  called: /(?:^[ \t]+|[{;][ \t]*)(\([^()]*(?:\([^()]*\)[^()]*)*\))\s*:/gm,
};
const python = {
  variable: /^[ \t]*([A-Za-z_]\w*)(?=[ \t]*[:=])[ \t]*(?::[ \t]*([^=\n#]{1,200}?)[ \t]*(?=[=\n#]|$))?(=(?!=)[ \t]*)?/gm,
  assigned: /^[ \t]*(?:self|cls)\.([A-Za-z_]\w*)[ \t]*(?::[ \t]*([^=\n#]{1,200}?)[ \t]*(?=[=\n#]|$))?(=(?!=)[ \t]*)?/gm,
};

/** Notes of a file, in source order. @param receivers what calls in the file stand on: variables that none of them names are left out */
export function typeNotes(doc: SyntaxDocument, receivers: readonly string[]): readonly TypeNote[] {
  const found = doc.language === 'python' ? pythonNotes(doc.text) : scriptNotes(doc);
  const used = new Set(receivers.map(headOf));
  for (const { type } of found) if (type.startsWith('=')) used.add(headOf(type.slice(1)));
  if (doc.language !== 'python')
    found.push(...callbackNotes(doc, used).map((note) => ({ ...note, of: 'parameter' as const })));
  if (found.length === 0) return [];
  const notes: TypeNote[] = [];
  const returning = new Set<number>();
  const { symbols } = doc.outline;
  const around = symbolsAround(doc);
  for (const { at, name, type, of, endLine } of found.sort((a, b) => a.at - b.at)) {
    const owner = around(at);
    const symbol = symbols[owner];
    const isClass = symbol !== undefined && classKinds.has(symbol.kind);
    if (of === 'variable' && !isClass && !used.has(name) && !isTop(doc.text, at)) continue;
    if (of === 'parameter' && isClass) continue;
    // A line `name: Type` is a field in a class only: elsewhere it is part of an object, or a parameter that the head tells of.
    if (of === 'field' && !isClass && !name.startsWith('this.')) continue;
    if (of === 'return' && (symbol === undefined || isClass || /->|\)\s*:/.test(symbol.signature ?? ''))) continue;
    // The first return speaks for all.
    if (of === 'return' && returning.has(owner)) continue;
    if (of === 'return') returning.add(owner);
    const { line } = doc.positionAt(at);
    notes.push(endLine === undefined ? [owner, name, type, line] : [owner, name, type, line, endLine]);
  }
  return notes.slice(0, maxNotes);
}

/** Variables that stand at the beginning of a line, exported or not, may be used in other files. */
function isTop(text: string, at: number): boolean {
  const start = text.startsWith('export ', at - 7) ? at - 7 : at;
  return start === 0 || text.charAt(start - 1) === '\n';
}

function headOf(chain: string): string {
  return /^(?:new )?([^.([!?]*)/.exec(chain)?.[1] ?? '';
}

function scriptNotes({ text, language }: SyntaxDocument): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(script.variable)) add(found, text, match, 'variable');
  for (const match of text.matchAll(script.field)) add(found, text, match, 'field');
  if (text.includes('this.'))
    for (const match of text.matchAll(script.assigned)) add(found, text, match, 'field', 'this.');
  if (text.includes('return'))
    for (const match of text.matchAll(/\breturn[ \t]+(?=[\w$])/g)) addReturn(found, text, match);
  if (language !== 'typescript') return found;
  for (const { index, 0: whole, 1: type = '' } of text.matchAll(script.called))
    if (type.length <= maxType && type.includes(':'))
      found.push({ at: index + whole.length - 1, name: '()', type, of: 'field' });
  return found;
}

function pythonNotes(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(python.variable)) add(found, text, match, 'variable');
  for (const match of text.matchAll(python.assigned)) add(found, text, match, 'field', 'this.');
  for (const match of text.matchAll(/^[ \t]+return[ \t]+(?=\w)/gm)) addReturn(found, text, match);
  for (const { index, 0: word } of text.matchAll(/\bwith[ \t]+(?=\w)/g)) {
    const chain = chainAt(text, index + word.length);
    const name = chain && /^[ \t]+as[ \t]+(\w+)/.exec(text.slice(chain.end, chain.end + 100))?.[1];
    if (name !== undefined) found.push({ at: index, name, type: `=${chain?.text}`, of: 'variable' });
  }
  for (const { index, 1: type = '', 2: name = '' } of text.matchAll(/\bexcept[ \t]+([\w.]+)[ \t]+as[ \t]+(\w+)/g))
    found.push({ at: index, name, type, of: 'variable' });
  return found;
}

function add(found: Found[], text: string, match: RegExpExecArray, of: Found['of'], prefix = ''): void {
  const [whole, name = '', declared, assigned] = match;
  const at = match.index;
  // Where a declared type says nothing, nothing else is believed: `x: any = new X()`.
  const value = declared === undefined || declared === '' ? assigned && valueAt(text, at + whole.length) : '';
  const type = value === '' ? typeNameOf((declared ?? '').replace(/[,;]\s*$/, '')) : value && `=${value}`;
  if (type === undefined || type.length > maxType || type === '') return;
  found.push({ at: at + whole.search(/\S/), name: prefix + name, type, of });
}

function addReturn(found: Found[], text: string, { index, 0: word }: RegExpExecArray): void {
  const value = valueAt(text, index + word.length);
  if (value !== undefined && /[\])]$|^(?:this|self)$/.test(value))
    found.push({ at: index, name: 'return', type: `=${value}`, of: 'return' });
}

/** The expression at an offset, when the statement ends with it. `x as T` has the type T. */
function valueAt(text: string, from: number): string | undefined {
  const chain = chainAt(text, from);
  if (
    chain === undefined ||
    chain.text.includes('[') ||
    /^(?:true|false|null|undefined|None|True|False|function|async|lambda|class|not)$/.test(chain.text)
  )
    return undefined;
  const rest = text.slice(chain.end, chain.end + 80);
  const as = /^[ \t]+as[ \t]+([\w$.]+)/.exec(rest)?.[1];
  if (as !== undefined && as !== 'const') return `:${as.replace(/^.*\./, '')}`;
  return /^[ \t]*(?:[;,)}#\n\r]|$|\/\/|as const)/.test(rest) ? chain.text : undefined;
}

/** Finds the innermost symbol around offsets that are asked for in ascending order; -1 outside all. */
function symbolsAround(doc: SyntaxDocument): (offset: number) => number {
  const { symbols } = doc.outline;
  const open: { readonly index: number; readonly end: number }[] = [];
  let next = 0;
  return (offset) => {
    for (let symbol = symbols[next]; symbol !== undefined; symbol = symbols[++next]) {
      if (doc.offsetAt(symbol.range.start) > offset) break;
      open.push({ index: next, end: doc.offsetAt(symbol.range.end) });
    }
    while ((open[open.length - 1]?.end ?? Number.POSITIVE_INFINITY) <= offset) open.pop();
    return open[open.length - 1]?.index ?? -1;
  };
}
