import type { SyntaxDocument } from '../syntax/document.ts';
import { splitLines } from '../types/lines.ts';
import { CutMap, type CutStrength, type LegalCut } from './cutMap.ts';
import { type Statement, statementsOf, type WalkChoice } from './statements.ts';

/**
 * Cuts of an HLASM source: before statements, never inside a continued one, a macro definition, a structured IF or DO, a run of unnamed
 * data or of equates, nor between a banner and its code.
 */
export function hlasmCuts(document: SyntaxDocument): readonly LegalCut[] {
  const statements = statementsOf(document, choose).map(withNameColumn);
  const map = new CutMap(splitLines(document.text).length);
  keepStructuresTogether(map, statements);
  const targets = subroutineTargets(statements);
  let previous: Statement | undefined;
  let isBanner = false;
  for (const statement of statements) {
    map.keepTogether(statement.startLine, statement.endLine);
    if (isComment(statement)) {
      map.leadIn(statement.startLine, statement.endLine);
      isBanner ||= /[*=-]{10}/.test(statement.text);
      continue;
    }
    const found = strengthOf(statement, previous, targets);
    if (found !== undefined) {
      const [strength, reason, fallsThrough] = found;
      const shown = isBanner ? 'under a banner' : reason;
      map.offer(statement.startLine, isBanner && strength < 4 ? 4 : strength, shown, fallsThrough);
    }
    isBanner = false;
    previous = statement;
  }
  return map.cuts();
}

function choose(type: string): WalkChoice {
  return type === 'section' || type === 'dummy_section' ? 'enter' : 'take';
}

/** A node without a name starts at its operation: puts the blank back that stands for the name, so that one pattern reads both. */
function withNameColumn(statement: Statement): Statement {
  return isComment(statement) || statement.children.some((child) => child.startsWith('name:'))
    ? statement
    : { ...statement, text: ` ${statement.text}` };
}

function isComment({ type }: Statement): boolean {
  return type === 'comment_line' || type === 'macro_comment' || type === 'control_line';
}

type Found = readonly [strength: CutStrength, reason: string, fallsThrough?: boolean];

function strengthOf(
  statement: Statement,
  previous: Statement | undefined,
  targets: ReadonlySet<string>,
): Found | undefined {
  const name = nameOf(statement);
  switch (statement.type) {
    case 'section_statement':
      return [6, `section ${name}`];
    case 'dsect_statement':
      return [6, `dummy section ${name}`];
    case 'macro_definition':
      return [5, 'macro definition'];
    case 'operand_line':
      return undefined;
    case 'equ_statement':
      if (/\bEQU\s+\*/i.test(statement.text)) return label(name, previous, targets, true);
      return previous?.type === 'equ_statement' ? undefined : [1, 'equates'];
    case 'data_definition':
      return data(statement, name, previous, targets);
    case 'directive':
      return /^\S*\s+LTORG\b/i.test(statement.text) ? [3, 'literal pool'] : [0, 'between statements'];
    case 'exec_statement':
      return name === '' ? [1, 'EXEC block'] : label(name, previous, targets);
    default:
      return name === '' ? [0, 'between statements'] : label(name, previous, targets);
  }
}

function data(
  statement: Statement,
  name: string,
  previous: Statement | undefined,
  targets: ReadonlySet<string>,
): Found | undefined {
  if (/\s0[HDF]\b/i.test(statement.text) && name !== '') return label(name, previous, targets, true);
  if (previous?.type !== 'data_definition') return [1, 'data'];
  if (/\s(?:DS|DC)\s+0[HFDAX]/i.test(statement.text)) return isAlignment(previous) ? undefined : [1, 'aligned data'];
  return name === '' ? undefined : [0, 'between data definitions'];
}

function isAlignment({ type, text }: Statement): boolean {
  return type === 'data_definition' && /\s(?:DS|DC)\s+0[HFDAX]/i.test(text);
}

/** A label of code; `isPlace` for one that stands alone, on `DS 0H` or `EQU *`. */
function label(name: string, previous: Statement | undefined, targets: ReadonlySet<string>, isPlace = false): Found {
  const isEnded = previous === undefined || endsFlow(previous);
  if (targets.has(name.toUpperCase())) return [isEnded ? 4 : 3, `subroutine ${name}`, !isEnded];
  return [isEnded || isPlace ? 3 : 2, `label ${name}`, !isEnded];
}

/** An unconditional branch, or a return. */
function endsFlow({ type, text }: Statement): boolean {
  if (type === 'return_statement') return true;
  return (
    /^\S*\s+(?:B|J|BR|BRU|JLU|B(?:R?C|CR)\s+(?:15|B'1111'),\S+|XCTL|ABEND|DFHEIRET|RETURN|PR)(?:\s|$)/i.test(text) ||
    /^\S*\s+EXEC\s+CICS\s+(?:RETURN|XCTL|ABEND)\b/i.test(text)
  );
}

function nameOf({ text }: Statement): string {
  return /^[^\s.*][^\s]*/.exec(text)?.[0] ?? '';
}

function subroutineTargets(statements: readonly Statement[]): ReadonlySet<string> {
  const targets = new Set<string>();
  for (const { type, text } of statements) {
    if (type !== 'subroutine_call' && type !== 'call_statement') continue;
    const target = /^\S*\s+(?:JAS|JASL|BAL|BAS|BRAS|BRASL)\s+[^,\s]+,([A-Z@#$_][\w@#$]*)/i.exec(text)?.[1];
    if (target !== undefined) targets.add(target.toUpperCase());
  }
  return targets;
}

const opens = /^\S*\s+(?:IF|DO|SELECT|CASENTRY|STRTSRCH)(?:\s|$)/i;
const closes = /^\S*\s+(?:ENDIF|ENDDO|ENDSEL|ENDCASE|ENDSRCH)(?:\s|$)/i;

/** Keeps each structured block whole, up to its written end; one that is never closed binds nothing. */
function keepStructuresTogether(map: CutMap, statements: readonly Statement[]): void {
  const open: number[] = [];
  for (const { type, text, startLine, endLine } of statements) {
    if (type !== 'structured_statement') continue;
    if (opens.test(text)) open.push(startLine);
    else if (closes.test(text)) {
      const start = open.pop();
      if (start !== undefined && open.length === 0) map.keepTogether(start, endLine);
    }
  }
}
