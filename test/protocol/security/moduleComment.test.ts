import { describe, expect, it } from 'vitest';
import type { CommentEditResult } from '../../../server/src/protocol.ts';
import { evilPython, evilRoutine, evilSource, expectPlain, withEvil } from './hostile.ts';

/** The text after an edit; ranges here begin and end at line starts. */
function applied(text: string, { edit }: CommentEditResult): string {
  if (edit === undefined) return text;
  const lines = text.split('\n');
  const before = [
    ...lines.slice(0, edit.range.start.line),
    (lines[edit.range.start.line] ?? '').slice(0, edit.range.start.character),
  ].join('\n');
  const after = [
    (lines[edit.range.end.line] ?? '').slice(edit.range.end.character),
    ...lines.slice(edit.range.end.line + 1),
  ].join('\n');
  return before + edit.newText + after;
}

describe('a module comment by a hostile model', () => {
  it.each([
    ['evil.js', 'javascript', evilSource],
    ['py/evil.py', 'python', evilPython],
    ['EVIL.m', 'mumps', evilRoutine],
  ])('stays in its comment and can be taken out again: %s', (name, language, source) =>
    withEvil(async (client) => {
      const uri = await client.open(name, language, source);
      const result = await client.request<CommentEditResult>('codegloss/commentEdit', { uri, kind: 'module' });
      const text = applied(source, result);
      if (result.edit === undefined) return expect(result.message).not.toBe('');
      const added = result.edit.newText;
      expectPlain(added);
      expect(added.match(/codegloss:begin/g)).toHaveLength(1);
      expect(added.match(/codegloss:end/g)).toHaveLength(1);
      if (language === 'javascript') expect(added.replace(/\*\/\s*$/, '')).not.toContain('*/');
      await client.notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text }] });
      const removal = await client.request<CommentEditResult>('codegloss/commentEdit', { uri, kind: 'removeModule' });
      expect(applied(text, removal)).toBe(source);
    }),
  );
});
