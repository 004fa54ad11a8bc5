import type { SyntaxDocument } from '../syntax/document.ts';
import { splitLines } from '../types/lines.ts';
import { CutMap, type CutStrength, type LegalCut } from './cutMap.ts';
import { type Statement, statementsOf, type WalkChoice } from './statements.ts';

/**
 * Cuts of a MUMPS routine: before labels and before level-0 lines. Never between an argumentless DO and its dots, a comment block and its
 * label, an `I` line and its `E` line, nor inside `;;` text. A label that control cannot fall into is a natural start; one that it falls
 * into is mostly a loop head or a shared exit.
 */
export function mumpsCuts(document: SyntaxDocument): readonly LegalCut[] {
  const statements = statementsOf(document, choose);
  const map = new CutMap(splitLines(document.text).length);
  const called = new Set([...document.text.matchAll(/\$\$(%?[A-Za-z][A-Za-z0-9]*)/g)].map((match) => match[1] ?? ''));
  const state: State = { headerStart: undefined, isEnded: true, isFirst: true, previousStart: 0, commented: false };
  statements.forEach((statement, index) => {
    switch (statement.type) {
      case 'label_line':
        takeLabel(map, state, statement, { called, next: statements[index + 1], size: blockSize(statements, index) });
        break;
      case 'line':
        takeLine(map, state, statement);
        break;
      case 'comment_block':
        takeComment(map, state, statement);
        break;
      case 'data_block':
        takeTable(map, state, statement);
        break;
      default:
        // Dotted lines without their DO: M skips them, a reader sees them with the line above.
        map.keepTogether(state.previousStart, statement.endLine);
    }
  });
  return map.cuts();
}

interface State {
  /** First line of the label whose header (comments, text rows) is still being read. */
  headerStart: number | undefined;
  /** Control cannot come here from the line above. */
  isEnded: boolean;
  isFirst: boolean;
  previousStart: number;
  /** A comment block stands directly above. */
  commented: boolean;
}

function choose(type: string): WalkChoice {
  switch (type) {
    case 'routine':
    case 'label_block':
      return 'enter';
    case 'label_line':
    case 'line':
    case 'comment_block':
    case 'data_block':
    case 'dot_block':
      return 'take';
    default:
      return 'skip';
  }
}

function takeLabel(
  map: CutMap,
  state: State,
  label: Statement,
  around: { readonly called: ReadonlySet<string>; readonly next: Statement | undefined; readonly size: number },
): void {
  const name = /^%?[A-Za-z0-9]*/.exec(label.text)?.[0] ?? '';
  const isDescribed = state.commented || label.children.includes('comment') || around.next?.type === 'comment_block';
  map.offer(
    label.startLine,
    state.isFirst
      ? 6
      : labelStrength({
          isEnded: state.isEnded,
          hasFormals: label.children.includes('parameters:formal_list'),
          isShort: around.size < 2,
          isDescribed,
          isCalled: around.called.has(name),
        }),
    `label ${name}`,
    !state.isEnded,
  );
  map.keepTogether(label.startLine, label.endLine);
  state.headerStart = label.startLine;
  state.isFirst = false;
  finishCode(state, label);
}

function labelStrength(label: {
  readonly isEnded: boolean;
  readonly hasFormals: boolean;
  readonly isShort: boolean;
  readonly isDescribed: boolean;
  readonly isCalled: boolean;
}): CutStrength {
  if (label.isEnded && label.hasFormals) return 5;
  if (label.isEnded && !label.isShort) return 4;
  if (label.isDescribed) return 3;
  return label.isEnded || label.hasFormals || label.isCalled ? 2 : 1;
}

function takeLine(map: CutMap, state: State, line: Statement): void {
  const command = line.children.find((child) => child !== 'dots');
  if (command === 'else_statement') map.keepTogether(state.previousStart, line.endLine);
  else if (state.headerStart === undefined) map.offer(line.startLine, 0, 'between lines at level 0');
  map.keepTogether(line.startLine, line.endLine);
  state.headerStart = undefined;
  finishCode(state, line);
}

function takeComment(map: CutMap, state: State, comment: Statement): void {
  if (state.headerStart === undefined) {
    map.leadIn(comment.startLine, comment.endLine);
    state.commented = true;
    return;
  }
  map.keepTogether(state.headerStart, comment.endLine);
}

function takeTable(map: CutMap, state: State, table: Statement): void {
  map.keepTogether(state.headerStart ?? table.startLine, table.endLine);
  if (state.headerStart === undefined) map.offer(table.startLine, 1, 'text table');
  state.previousStart = state.headerStart ?? table.startLine;
  state.commented = false;
}

function finishCode(state: State, statement: Statement): void {
  state.isEnded = endsFlow(statement);
  state.previousStart = statement.startLine;
  state.commented = false;
}

/** Lines of code of a label: its own, when it has any, and those up to the next label. */
function blockSize(statements: readonly Statement[], index: number): number {
  const own = statements[index];
  let size = own?.children.some((child) => child.endsWith('_statement')) === true ? 1 : 0;
  for (let next = index + 1; next < statements.length; next += 1) {
    const statement = statements[next];
    if (statement === undefined || statement.type === 'label_line') break;
    if (statement.type !== 'comment_block') size += statement.endLine - statement.startLine;
  }
  return size;
}

/** QUIT, GOTO or HALT that always happens: no postcondition, and no IF, ELSE or FOR before it on the line. */
function endsFlow({ children, text }: Statement): boolean {
  if (children.some((child) => /^(if|else|for)_statement$/.test(child))) return false;
  const last = children.findLast((child) => child.endsWith('_statement'));
  if (last === undefined || children.includes('block:dot_block')) return false;
  const code = text
    .replace(/"[^"]*"/g, '""')
    .replace(/;.*/s, '')
    .trimEnd();
  if (last === 'quit_statement') return /(?:^|[ \t.])(?:Q|QUIT)(?:[ \t]+\S+)?$/i.test(code);
  if (last === 'goto_statement') return /(?:^|[ \t.])(?:G|GOTO)[ \t]+[^ \t:]+$/i.test(code);
  return last === 'hang_statement' && /(?:^|[ \t.])(?:H|HALT)$/i.test(code);
}
