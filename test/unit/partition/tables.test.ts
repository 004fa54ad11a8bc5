import { describe, expect, it } from 'vitest';
import { compressTable, tableSpans } from '../../../server/src/partition/tables.ts';

const codes = Array.from(
  { length: 412 },
  (_, row) => ` ;;K${String(row).padStart(3, '0')}^NAME OF ROW ${row}^${row * 3}`,
);

describe('compressTable', () => {
  const shown = compressTable(codes);

  it('is at least ten times smaller', () => {
    expect(shown.length * 10).toBeLessThanOrEqual(codes.join('\n').length);
  });

  it('tells how many rows there are, and of which format', () => {
    expect(shown).toContain('412 rows');
    expect(shown).toMatch(/412 of `;;A\^A N\^N`/);
  });

  it('tells the first and the last key, and what each field holds', () => {
    expect(shown).toContain('first:  ;;K000^');
    expect(shown).toContain('last:  ;;K411^');
    expect(shown).toContain('1 text, 412 distinct, K000 … K411');
    expect(shown).toContain('3 number 0…1233');
  });

  it('counts the formats of mixed rows', () => {
    const mixed = [...codes.slice(0, 300), ...Array.from({ length: 20 }, () => ' ;;HEAD')];
    expect(compressTable(mixed)).toContain('320 rows, 300 of `;;A^A N^N`, 20 of `;;A`');
  });

  it('shows a jump table of an assembler', () => {
    const rows = Array.from({ length: 200 }, (_, row) => `\tDW\tOFFSET HANDLER_${row}\t; function ${row}`);
    const table = compressTable(rows);
    expect(table).toContain('200 rows');
    expect(table).toContain('HANDLER_199');
    expect(table.length * 10).toBeLessThanOrEqual(rows.join('\n').length);
  });

  it('leaves a short table as it is', () => {
    expect(compressTable(codes.slice(0, 3))).toBe(codes.slice(0, 3).join('\n'));
  });
});

describe('tableSpans', () => {
  it('finds runs of data rows by language', () => {
    const dc = Array.from({ length: 15 }, (_, row) => `         DC    X'0${row % 10}'`);
    expect(tableSpans([' S X=1', ...codes, ' Q'], 'mumps')).toEqual([{ startLine: 1, endLine: 413 }]);
    expect(tableSpans(['P        CSECT', ...dc, '         END'], 'hlasm')).toEqual([{ startLine: 1, endLine: 16 }]);
    expect(tableSpans(['x = [', ...Array.from({ length: 30 }, (_, row) => `  [${row}, "a"],`), ']'], 'python')).toEqual(
      [{ startLine: 1, endLine: 31 }],
    );
  });
});
