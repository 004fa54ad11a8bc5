import type { SyntaxDocument } from '../syntax/document.ts';
import type { SymbolFacts } from '../types/outline.ts';
import { codeText, codeWords } from './codeWords.ts';
import { type DocLine, docLines } from './docClaims.ts';

/** A function in one version of its file. */
interface Version {
  readonly document: SyntaxDocument;
  /** Index into the outline. */
  readonly index: number;
}

/** A claim that was true of the version before and is not borne out by the version now; `line` is 0-based within the comment. */
export interface ChangedClaim {
  readonly kind: 'exception' | 'nothing';
  readonly name: string;
  readonly line: number;
}

/** What a version of a function says, as far as claims can be held against it. */
interface Said {
  readonly facts: SymbolFacts;
  /** Words of its code. */
  readonly words: ReadonlySet<string>;
  /** Its code, comments left out. */
  readonly code: string;
}

/**
 * Claims of a comment that only a comparison can break: an exception that was thrown under it, an empty result that was returned. What may have
 * moved into something that is called is not reported. Other kinds (numbers, types of the head, names that live on elsewhere in the file) were
 * tried on public projects: they were never reported, or no more often rightly than chance would have it.
 */
export function changedClaims(comment: string, before: Version, now: Version): readonly ChangedClaim[] {
  const was = saidBy(before);
  const is = saidBy(now);
  if (was === undefined || is === undefined || callsMore(was, is)) return [];
  const found: ChangedClaim[] = [];
  const add = (kind: ChangedClaim['kind'], name: string, line: number): void => {
    if (!found.some((each) => each.kind === kind && each.name === name)) found.push({ kind, name, line });
  };
  for (const [line, each] of docLines(comment).entries()) {
    for (const name of thrownNames(each))
      if (threw(was, name) && !is.words.has(name) && throwsOf(is) < throwsOf(was)) add('exception', name, line);
    if (!returnLine.test(each.text) && each.section !== 'returns') continue;
    for (const [word] of each.text.matchAll(nothing))
      if (returnsWord(was, word) && !is.words.has(word)) add('nothing', word, line);
  }
  return found;
}

const returnLine = /^(?:[@\\]returns?\b|:returns?:|<returns>)/;
const throwTag = /^(?:[@\\](?:throws?|exception)\s+\{?|:(?:raises?|except|exception)\s+)([\p{L}_][\p{L}\p{N}_.]*)/u;
const nothing = /\b(?:null|None|nil|undefined)\b/g;

function thrownNames({ text, section, isEntry }: DocLine): readonly string[] {
  const tagged = throwTag.exec(text)?.[1];
  const listed = section === 'raises' && isEntry ? /^([\p{L}_][\p{L}\p{N}_.]*)\s*(?::|$)/u.exec(text)?.[1] : undefined;
  return [tagged, listed].flatMap((name) => (name === undefined ? [] : [lastOf(name)]));
}

const lastOf = (name: string): string => name.replace(/\.+$/, '').split('.').at(-1) ?? name;

function threw({ facts }: Said, name: string): boolean {
  return facts.raises.some((raised) => lastOf(raised) === name);
}

/** As many statements throw as before: then one of them may throw the same by another name. */
function throwsOf({ code }: Said): number {
  return code.match(/\b(?:throw|raise)\b/g)?.length ?? 0;
}

function returnsWord({ code }: Said, word: string): boolean {
  return new RegExp(`\\breturn\\s+${word}\\b`).test(code);
}

/** What is no longer done here may be done by what is called now. */
function callsMore(was: Said, is: Said): boolean {
  const known = new Set(was.facts.calls.map(({ name }) => name));
  return is.facts.calls.some(({ name }) => !known.has(name));
}

function saidBy({ document, index }: Version): Said | undefined {
  const symbol = document.outline.symbols[index];
  if (symbol === undefined) return undefined;
  const { range } = symbol;
  return { facts: document.facts(index), words: codeWords(document, range), code: codeText(document, range) };
}
