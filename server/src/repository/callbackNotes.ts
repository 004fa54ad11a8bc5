import type { Node, SyntaxDocument } from '../syntax/document.ts';
import { chainOf, typeNameOf } from './expressionText.ts';
import { type Parameter, parametersOf } from './functionTypes.ts';

/** A parameter of a function that is handed to a call, with where it is known: lines, 0-based, both inclusive. */
export interface CallbackNote {
  readonly at: number;
  readonly name: string;
  /** As written, or `(argument,parameter)callee`: see `callbackOf`. */
  readonly type: string;
  readonly endLine: number;
}

/** A function that is handed to a call: as which argument, and which of its parameters is meant. */
export interface Callback {
  readonly argument: number;
  readonly parameter: number;
  /** The expression that is called, as `chainOf` reads it. */
  readonly callee: string;
}

/** How far before an arrow its parameters may begin. */
const maxHead = 200;
const maxCallbacks = 2000;
const functions: ReadonlySet<string> = new Set(['arrow_function', 'function_expression', 'generator_function']);

/** Reads a note's type `(0,1)source.pipe`. */
export function callbackOf(type: string): Callback | undefined {
  const [, argument, parameter, callee] = /^\((\d+),(\d+)\)(.+)$/.exec(type) ?? [];
  return callee === undefined ? undefined : { argument: Number(argument), parameter: Number(parameter), callee };
}

/**
 * Parameters of functions that are handed to calls in JavaScript and TypeScript: `operate((source, subscriber) => …)`. Where they have no type, the
 * head of what is called has it. The text finds what may be one, the tree says what it is.
 *
 * @param used names of the file that calls stand on: other parameters are left out
 */
export function callbackNotes(doc: SyntaxDocument, used: ReadonlySet<string>): readonly CallbackNote[] {
  const notes: CallbackNote[] = [];
  const { text } = doc;
  for (let arrow = text.indexOf('=>'); arrow !== -1; arrow = text.indexOf('=>', arrow + 2)) {
    const head = headBefore(text, arrow);
    if (head !== undefined) addAll(notes, doc, used, { ...head, at: arrow });
  }
  if (!text.includes('function')) return notes;
  for (const { index, 1: list = '' } of text.matchAll(/\bfunction\s*\*?\s*[\w$]*\s*\(([^()]*)\)/g))
    addAll(notes, doc, used, { list, from: index, at: index });
  return notes;
}

/** The parameters before an arrow: a list without brackets in it, or one name. */
function headBefore(text: string, arrow: number): { readonly list: string; readonly from: number } | undefined {
  const least = Math.max(0, arrow - maxHead);
  let end = arrow;
  while (end > least && /\s/.test(text.charAt(end - 1))) end--;
  if (text.charAt(end - 1) === ')') {
    const from = text.lastIndexOf('(', end - 2);
    const list = from < least ? ')' : text.slice(from + 1, end - 1);
    return list.includes(')') ? undefined : { list, from };
  }
  let from = end;
  while (from > least && /[\w$]/.test(text.charAt(from - 1))) from--;
  return from === end || text.charAt(from - 1) === '.' ? undefined : { list: text.slice(from, end), from };
}

/** What looks like the head of a function. `at` is an offset of one of its own tokens. */
interface Head {
  readonly list: string;
  readonly from: number;
  readonly at: number;
}

function addAll(notes: CallbackNote[], doc: SyntaxDocument, used: ReadonlySet<string>, head: Head): void {
  if (notes.length >= maxCallbacks || !isArgument(doc.text, head.from)) return;
  const parameters = parametersOf(head.list);
  // A pattern has no name.
  const isUsed = ({ name }: Parameter): boolean => name !== '' && used.has(name);
  if (!parameters.some(isUsed)) return;
  const place = callAround(doc.tree.rootNode.descendantForIndex(head.at));
  if (place === undefined) return;
  for (const [index, each] of parameters.entries()) {
    const type = isUsed(each) ? typeOf(each, index, place) : undefined;
    if (type !== undefined) notes.push({ at: head.at, name: each.name, type, endLine: place.endLine });
  }
}

function typeOf({ type, isRest }: Parameter, index: number, { argument, callee }: Place): string | undefined {
  if (isRest) return undefined;
  return type === '' ? `(${argument},${index})${callee}` : typeNameOf(type);
}

/** An argument stands behind a bracket or a comma, with no more than a comment between. */
function isArgument(text: string, from: number): boolean {
  const before = text.slice(Math.max(0, from - maxHead), from);
  return /[(,]\s*(?:\/\/[^\n]*\n\s*|\/\*[^*]*\*\/\s*)*(?:async\s+)?$/.test(before);
}

interface Place {
  readonly argument: number;
  readonly callee: string;
  readonly endLine: number;
}

/** The call that the function of a token is handed to. */
function callAround(token: Node | null): Place | undefined {
  const made = token?.parent;
  const list = made !== null && made !== undefined && functions.has(made.type) ? made.parent : null;
  const call = list?.type === 'arguments' ? list.parent : null;
  const called = call?.childForFieldName(call.type === 'new_expression' ? 'constructor' : 'function');
  const chain = called === null || called === undefined ? undefined : chainOf(called.text);
  if (made === null || made === undefined || chain === undefined) return undefined;
  let argument = 0;
  for (let before = made.previousNamedSibling; before !== null; before = before.previousNamedSibling)
    if (before.type !== 'comment') argument++;
  const callee = call?.type === 'new_expression' ? `new ${chain}` : chain;
  return { argument, callee, endLine: made.endPosition.row };
}
