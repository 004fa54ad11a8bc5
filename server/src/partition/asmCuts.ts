import type { SyntaxDocument } from '../syntax/document.ts';
import { splitLines } from '../types/lines.ts';
import { commentLines } from './blockCuts.ts';
import { CutMap, type CutStrength, type LegalCut } from './cutMap.ts';
import { type Statement, statementsOf, type WalkChoice } from './statements.ts';

/**
 * Cuts of GAS, NASM and MASM sources. Never inside a macro, a repeat, a structure or a conditional that holds no unit of its own, nor
 * between a comment, an export or a size directive and the unit it speaks of.
 */
export function asmCuts(document: SyntaxDocument): readonly LegalCut[] {
  const lines = splitLines(document.text);
  const map = new CutMap(lines.length);
  for (const line of commentLines(document)) map.leadIn(line, line + 1);
  const entered: Statement[] = [];
  const statements = statementsOf(document, choose, (statement) => entered.push(statement));
  for (const { type, startLine, text } of entered)
    map.offer(startLine, unitStrength(type), `${type.replace('_', ' ')} ${firstWords(text)}`);
  keepConditionalsTogether(map, statements, entered);
  leadToUnits(map, statements, entered);
  const named = publicNames(statements);
  let previous: Statement | undefined;
  let code: Statement | undefined;
  for (const statement of statements) {
    map.keepTogether(statement.startLine, statement.endLine);
    if (isLead(statement)) map.leadIn(statement.startLine, statement.endLine);
    const found = strengthOf(statement, previous, { named, isEnded: code === undefined || endsFlow(code) });
    // A label and a statement may share a line: the first of them speaks for it.
    if (found !== undefined && previous?.startLine !== statement.startLine) map.offer(statement.startLine, ...found);
    previous = statement;
    if (isCode(statement)) code = statement;
  }
  return map.cuts();
}

function choose(type: string): WalkChoice {
  switch (type) {
    case 'procedure':
    case 'segment':
    case 'function_definition':
      return 'enter';
    case 'comment':
    case 'procedure_header':
    case 'segment_header':
    case 'function_header':
      return 'skip';
    default:
      return 'take';
  }
}

type Found = readonly [strength: CutStrength, reason: string, fallsThrough?: boolean];

/** What stands before a unit and speaks of it. MASM's PUBLIC and ASSUME stand anywhere and lead to nothing. */
function isLead({ type, text }: Statement): boolean {
  if (type === 'export') return !/^\s*public\b/i.test(text);
  return /^\s*(?:\.(?:type|hidden|p2align|balign|align)|align|INIT_[XYZ]MM|DECLARE_REG_TMP)\b/i.test(text);
}

/** What leads to a unit only when one follows: definitions that it begins with, and the `%if` around it. */
function mayLead({ type }: Statement): boolean {
  return type === 'equate' || type === 'if_directive' || type === 'preprocessor';
}

/** A segment is a frame around units, often opened only to declare the order of segments. */
function unitStrength(type: string): CutStrength {
  return type === 'segment' ? 2 : 5;
}

interface Around {
  /** Names that are called or exported, in lower case. */
  readonly named: ReadonlySet<string>;
  /** Control cannot come here from the code above. */
  readonly isEnded: boolean;
}

function strengthOf(statement: Statement, previous: Statement | undefined, around: Around): Found | undefined {
  const name = firstWords(statement.text);
  switch (statement.type) {
    case 'section':
      return [4, `section ${name}`];
    case 'macro_definition':
      return [5, `macro ${name}`];
    case 'structure':
      return [4, `structure ${name}`];
    case 'function_label':
      return /^\s*\S+\s+\./.test(statement.text) ? [1, `entry ${name}`] : [5, `function ${name}`];
    case 'title_directive':
      return [5, `title ${name}`];
    case 'label':
      return label(name, around);
    case 'data_label':
      return [3, `data ${name}`];
    case 'data_definition':
      return previous?.type === 'data_definition' ? [0, 'between data definitions'] : [1, `data ${name}`];
    case 'equate':
      return previous?.type === 'equate' ? undefined : [1, 'equates'];
    case 'repeat_block':
      return [0, 'repeat block'];
    case 'block_end':
    case 'unparsed':
    case 'else_directive':
    case 'endif_directive':
      return undefined;
    default:
      return isUnnamedData(statement) && previous !== undefined && isData(previous)
        ? undefined
        : [0, 'between statements'];
  }
}

function label(name: string, { named, isEnded }: Around): Found {
  const isLocal = /^(?:\.|\d|%%|@@|\$\$)/.test(name);
  if (isLocal) return [0, `label ${name}`, !isEnded];
  if (named.has(name.toLowerCase())) return isEnded ? [4, `routine ${name}`] : [2, `entry ${name}`, true];
  return [isEnded ? 2 : 1, `label ${name}`, !isEnded];
}

/** Names that a CALL goes to or that the file exports. */
function publicNames(statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { type, text } of statements) {
    const list = /^\s*(?:call|invoke|bl|bsr|jal|public|\.?glob[al]+)\s+(.*)/i.exec(text)?.[1];
    if (list === undefined || !/^(?:instruction|export|directive)$/.test(type)) continue;
    for (const name of list.replace(/[;#].*/, '').split(/[\s,]+/)) if (name !== '') names.add(name.toLowerCase());
  }
  return names;
}

/** What control runs through: declarations for the assembler stand between it. */
function isCode({ type }: Statement): boolean {
  return (
    type === 'instruction' ||
    type === 'function_label' ||
    type === 'label' ||
    type === 'block_end' ||
    type === 'data_definition' ||
    type === 'macro_definition'
  );
}

function endsFlow({ type, text }: Statement): boolean {
  if (type === 'block_end' || type === 'data_definition' || type === 'macro_definition') return true;
  return type === 'instruction' && /^\s*(?:ret[nfq]?|return|iret[dq]?|jmp|br?|bx\s+lr|hlt)(?:\s|$)/i.test(text);
}

function isData({ type, text }: Statement): boolean {
  return type === 'data_definition' || type === 'data_label' || isUnnamedData({ type, text } as Statement);
}

function isUnnamedData({ type, text }: Statement): boolean {
  return (
    type === 'directive' &&
    /^\s*(?:\.(?:byte|[0-9]?byte|word|hword|short|long|int|quad|octa|asci[iz]|string|zero|fill|space|float|double)|d[bwdqtf]|times|res[bwdq])\b/i.test(
      text,
    )
  );
}

function firstWords(text: string): string {
  return /^\s*([^\s,:;(]+)/.exec(text)?.[1] ?? '';
}

/** Keeps each `.if … .endif` whole, unless units start inside: then it is a frame around them. */
function keepConditionalsTogether(map: CutMap, statements: readonly Statement[], entered: readonly Statement[]): void {
  const unitsUpTo = countUnits(statements, entered);
  const open: Statement[] = [];
  for (const statement of statements) {
    if (statement.type === 'if_directive') open.push(statement);
    if (statement.type !== 'endif_directive') continue;
    const start = open.pop();
    if (start === undefined) continue;
    const isFrame = unitsUpTo(statement.startLine) > unitsUpTo(start.startLine);
    if (!isFrame) map.keepTogether(start.startLine, statement.endLine);
  }
}

/** A function that says how many units start up to a line. */
function countUnits(statements: readonly Statement[], entered: readonly Statement[]): (line: number) => number {
  const units = [...entered, ...statements.filter(({ type }) => isUnit(type))].map(({ startLine }) => startLine);
  const counts = new Int32Array((statements.at(-1)?.endLine ?? 0) + 2);
  for (const line of units) counts[line] = (counts[line] ?? 0) + 1;
  for (let line = 1; line < counts.length; line += 1) counts[line] = (counts[line] ?? 0) + (counts[line - 1] ?? 0);
  return (line) => counts[line] ?? 0;
}

/** Marks what leads to a macro or function: only what stands directly above, and never more than a few lines. */
function leadToUnits(map: CutMap, statements: readonly Statement[], entered: readonly Statement[]): void {
  const starts = new Set(entered.map(({ startLine }) => startLine));
  statements.forEach((statement, index) => {
    const isStart = statement.type === 'macro_definition' || statement.type === 'function_label';
    if (!isStart && !starts.has(statement.startLine)) return;
    for (let above = index - 1; above >= Math.max(0, index - maxLead); above -= 1) {
      const lead = statements[above];
      if (lead === undefined || !(mayLead(lead) || isLead(lead))) return;
      if (lead.endLine > (statements[above + 1]?.startLine ?? 0)) return;
      map.leadIn(lead.startLine, lead.endLine);
    }
  });
}

const maxLead = 8;

function isUnit(type: string): boolean {
  return /^(?:macro_definition|function_label|section|structure)$/.test(type);
}
