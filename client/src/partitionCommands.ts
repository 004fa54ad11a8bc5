import * as vscode from 'vscode';
import {
  type PartitionLinesParams,
  type PartitionLinesResult,
  partitionLinesMethod,
} from '../../server/src/protocol.ts';
import { type PartitionStrategyName, partitionStrategies } from '../../server/src/types/partition.ts';
import type { PartitionView, ShownPartition } from './partitionView.ts';
import type { Session } from './session.ts';

const titleOf: Readonly<Record<PartitionStrategyName, string>> = {
  structure: 'Best cuts of the code’s structure',
  fixed: 'Pieces of equal size',
  surprisal: 'Structure, and where the text becomes surprising',
  learned: 'Learnt from the banners that people write',
  model: 'Chosen by the configured model',
};

/** Lets the user pick the strategy by which this document is divided. Boundaries that were moved stay with their strategy. */
export async function chooseStrategy(view: PartitionView, editor: vscode.TextEditor): Promise<undefined> {
  const { strategy, edited, editedStrategies } = await view.shown(editor);
  const items: StrategyItem[] = partitionStrategies.map((name) => ({
    name,
    label: name === strategy ? `$(check) ${name}` : name,
    description: titleOf[name],
    ...(editedStrategies.includes(name) ? { detail: 'with the boundaries as you changed them' } : {}),
  }));
  if (edited) items.push({ label: '$(discard) Take back my changes of the boundaries', description: strategy });
  const picked = await vscode.window.showQuickPick(items, { title: 'CodeGloss: Divide this file by …' });
  if (picked === undefined) return;
  if (picked.name === undefined) await view.edit(editor, { kind: 'reset' });
  else await view.edit(editor, { kind: 'choose' }, picked.name);
}

/** Without a name: takes back what the user changed. */
interface StrategyItem extends vscode.QuickPickItem {
  readonly name?: PartitionStrategyName;
}

/** Divides the partition at the cursor there, or at the nearest line where it may be divided. @returns why not, if not. */
export async function splitAtCursor(view: PartitionView, editor: vscode.TextEditor): Promise<string | undefined> {
  await view.shown(editor);
  const { line } = editor.selection.active;
  return (await view.edit(editor, { kind: 'split', line })) === undefined
    ? 'There is no line in this partition where it may be divided.'
    : undefined;
}

/** Joins the partition at the cursor with the one before it. @returns why not, if not. */
export async function mergeAtCursor(view: PartitionView, editor: vscode.TextEditor): Promise<string | undefined> {
  const start = startAtCursor((await view.shown(editor)).partitions, editor);
  if (start === undefined) return 'There is no partition before this one.';
  return (await view.edit(editor, { kind: 'merge', line: start })) === undefined
    ? 'This boundary cannot be removed.'
    : undefined;
}

/** Moves the start of the partition at the cursor to a line that the user picks. @returns why not, if not. */
export async function moveAtCursor(
  session: Session,
  view: PartitionView,
  editor: vscode.TextEditor,
): Promise<string | undefined> {
  const { partitions } = await view.shown(editor);
  const from = startAtCursor(partitions, editor);
  if (from === undefined) return 'The first partition begins where the file does.';
  const params: PartitionLinesParams = { uri: editor.document.uri.toString() };
  const { lines } = await session.request<PartitionLinesResult>(partitionLinesMethod, params);
  const index = partitions.findIndex(({ startLine }) => startLine === from);
  const after = partitions[index - 1]?.startLine ?? 0;
  const before = partitions[index]?.endLine ?? Infinity;
  const items = lines
    .filter((line) => line > after && line < before && line !== from && line < editor.document.lineCount)
    .sort((a, b) => Math.abs(a - from) - Math.abs(b - from))
    .map((line) => ({
      line,
      label: `${line < from ? '$(arrow-up)' : '$(arrow-down)'} Line ${line + 1}`,
      description: firstWords(editor.document, line),
    }));
  if (items.length === 0) return 'There is no other line where this partition may begin.';
  const picked = await vscode.window.showQuickPick(items, { title: 'CodeGloss: Begin this partition at …' });
  if (picked === undefined) return undefined;
  return (await view.edit(editor, { kind: 'move', from, to: picked.line })) === undefined
    ? 'This boundary cannot be moved there.'
    : undefined;
}

/** What a partition that begins at a line would begin with: its first line that says anything, of the next few. */
function firstWords(document: vscode.TextDocument, line: number): string {
  const texts = Array.from({ length: Math.min(5, document.lineCount - line) }, (_, more) =>
    document.lineAt(line + more).text.trim(),
  );
  return (texts.find((text) => /\w/.test(text)) ?? '').slice(0, 80);
}

/** Start line of the partition around the cursor; undefined in the first one. */
function startAtCursor(partitions: readonly ShownPartition[], editor: vscode.TextEditor): number | undefined {
  const { line } = editor.selection.active;
  return partitions.slice(1).find(({ startLine, endLine }) => startLine <= line && line < endLine)?.startLine;
}
