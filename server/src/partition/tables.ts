import type { LanguageId } from '../types/outline.ts';
import type { LineSpan } from '../types/text.ts';

/** Shorter runs are shown as they are. */
const leastRows = 12;
const rowLength = 160;

const dataRows: Partial<Record<LanguageId, RegExp>> = {
  mumps: /^(?:[%A-Za-z0-9]*[ \t]+)?[. \t]*;;/,
  hlasm: /^(?:[A-Za-z@#$_][\w@#$]*)?[ \t]+(?:DC|DS|EQU)[ \t]/i,
  asm: /^\s*(?:[\w.$@?]+:?\s+)?(?:\.(?:byte|[248]byte|word|hword|short|long|int|quad|octa|asci[iz]|string|float|double)|d[bwdqt]|equ|%?define|times)\s/i,
};
/** Rows of a big literal: numbers and strings with commas between. */
const literalRow = /^\s*[[({]?\s*(?:(?:-?[\w.]+|"[^"]*"|'[^']*')\s*[:,]?\s*)+[\])}]*\s*[,;]?\s*$/;

/** Runs of at least twelve data rows: `;;` text, DC and EQU runs, jump tables, the rows of big literals. */
export function tableSpans(lines: readonly string[], language: LanguageId): readonly LineSpan[] {
  const own = dataRows[language];
  const isRow = (line: string): boolean =>
    own === undefined
      ? /[,:]\s*$/.test(line) && line.length < 1000 && literalRow.test(line.slice(0, 400))
      : own.test(line);
  const spans: LineSpan[] = [];
  let start = 0;
  for (let line = 0; line <= lines.length; line += 1) {
    if (line < lines.length && isRow(lines[line] ?? '')) continue;
    if (line - start >= leastRows) spans.push({ startLine: start, endLine: line });
    start = line + 1;
  }
  return spans;
}

/**
 * A long table in few lines for a model: how many rows, their formats with counts, what each field holds, the first and last rows. Less
 * than a tenth of what it stands for where the table is long enough; short ones come back as they are.
 */
export function compressTable(lines: readonly string[]): string {
  const whole = lines.join('\n');
  if (lines.length < leastRows) return whole;
  const formats = countFormats(lines);
  const fields = describeFields(lines);
  const head = `[table: ${lines.length} rows, ${formats}]`;
  const first = clip(lines[0] ?? '');
  const last = clip(lines.at(-1) ?? '');
  const full = [head, ...fields, `first: ${first}`, `second: ${clip(lines[1] ?? '')}`, `last: ${last}`].join('\n');
  if (full.length * 10 <= whole.length) return full;
  const brief = [head, `first: ${first}`, `last: ${last}`].join('\n');
  return brief.length < whole.length ? brief : whole;
}

/** "412 of `;;A^B^N`, 3 of `;;A`": the commonest shapes, the rest as one number. */
function countFormats(lines: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(formatOf(line), (counts.get(formatOf(line)) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, 3).map(([format, count]) => `${count} of \`${format}\``);
  const rest = sorted.slice(3).reduce((sum, [, count]) => sum + count, 0);
  return [...shown, ...(rest > 0 ? [`${rest} of ${sorted.length - 3} other formats`] : [])].join(', ');
}

/** The shape of a row: words as A, numbers as N, strings as S, runs of one repeated shape once with `…`. */
function formatOf(line: string): string {
  const shape = line
    .slice(0, rowLength)
    .trim()
    .replace(/"[^"]*"?|'[^']*'?/g, 'S')
    .replace(/\b(?:0x[0-9a-f]+|[0-9][0-9a-f]*h|\d+(?:\.\d+)?)\b/gi, 'N')
    .replace(/[A-Za-z_%@#$][\w%@#$]*/g, (word) =>
      word === 'S' || word === 'N' ? word : isOperation(word) ? word.toUpperCase() : 'A',
    )
    .replace(/[ \t]+/g, ' ')
    .replace(/A(?: A)+/g, 'A');
  return shape.replace(/([ANS][,^|~])\1{2,}/g, '$1…').slice(0, 60);
}

function isOperation(word: string): boolean {
  return /^(?:DC|DS|EQU|DB|DW|DD|DQ|byte|word|long|quad|define)$/i.test(word);
}

const delimiters = ['^', '|', '~', ';', ','] as const;

/** One line for each field of delimited rows: its kind and its first and last value, or its range. */
function describeFields(lines: readonly string[]): readonly string[] {
  const rows = lines.map((line) => line.trim().replace(/^(?:[%\w]*\s+)?;;/, ''));
  const delimiter = delimiters.find((each) => rows.filter((row) => row.includes(each)).length * 10 >= rows.length * 9);
  const cells = rows.map((row) => (delimiter === undefined ? row.split(/\s+/) : row.split(delimiter)));
  const width = Math.min(8, Math.max(...cells.map((row) => row.length)));
  const title = delimiter === undefined ? 'fields by blanks:' : `fields by \`${delimiter}\`:`;
  const described = Array.from({ length: width }, (_, index) =>
    describeField(
      index + 1,
      cells.map((row) => row[index] ?? ''),
    ),
  );
  return [title, ...described];
}

function describeField(number: number, values: readonly string[]): string {
  const present = values.map((value) => value.trim()).filter((value) => value !== '');
  const distinct = new Set(present).size;
  const numbers = present.map(Number).filter((value) => Number.isFinite(value));
  const gaps = present.length < values.length ? `, in ${present.length} rows` : '';
  if (present.length > 0 && numbers.length === present.length) {
    const [low, high] = numbers.reduce(
      ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
      [Infinity, -Infinity],
    );
    return `${number} number ${low}…${high}${gaps}`;
  }
  return `${number} text, ${distinct} distinct, ${clip(present[0] ?? '', 24)} … ${clip(present.at(-1) ?? '', 24)}${gaps}`;
}

function clip(text: string, length = rowLength): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
