import { z } from 'zod';
import { lineId, lineOfId } from './lineIds.ts';
import type { ChosenCut, LineMeasure } from './strategy.ts';

/** What an answer came to: the usable cuts, and what was wrong, in words for the model. */
export interface JudgedAnswer {
  /** Undefined when the answer could not be read at all. */
  readonly cuts: readonly ChosenCut[] | undefined;
  readonly problem: string | undefined;
}

const maxCharacters = 1_000_000;
const maxNamed = 8;
const titleLength = 100;
const reasonLength = 240;

const shape = z.object({ boundaries: z.array(z.unknown()) });
const entry = z.object({
  id: z.union([z.string(), z.number()]),
  reason: z.string().catch(''),
  title: z.string().catch(''),
});

interface Stretch {
  readonly startLine: number;
  readonly endLine: number;
  readonly legal: ReadonlySet<number>;
  readonly lines: LineMeasure;
  readonly maxTokens: number | undefined;
}

/** Reads an answer and says exactly what is wrong with it: no JSON, unknown ids, parts over the limit that could be smaller. */
export function judgeAnswer(raw: string, stretch: Stretch): JudgedAnswer {
  const entries = entriesOf(raw);
  if (entries === undefined) {
    return { cuts: undefined, problem: 'it was not one JSON object with the array `boundaries`.' };
  }
  const cuts = new Map<number, ChosenCut>();
  const unknown: string[] = [];
  for (const each of entries) {
    const parsed = entry.safeParse(each);
    const id = parsed.success ? String(parsed.data.id) : undefined;
    const line = id === undefined ? undefined : lineOfId(id);
    if (line === stretch.startLine) continue;
    if (!parsed.success || line === undefined || !isInside(line, stretch)) {
      unknown.push(cleanText(id ?? 'an entry without id', 20));
      continue;
    }
    if (cuts.has(line)) continue;
    const title = cleanText(parsed.data.title, titleLength);
    const reason = cleanText(parsed.data.reason, reasonLength);
    cuts.set(line, {
      line,
      reason: reason === '' ? 'chosen by the model' : reason,
      ...(title === '' ? {} : { title }),
    });
  }
  const sorted = [...cuts.values()].sort((a, b) => a.line - b.line);
  return { cuts: sorted, problem: unknownIds(unknown) ?? oversized(sorted, stretch) };
}

function isInside(line: number, { startLine, endLine, legal }: Stretch): boolean {
  return line > startLine && line < endLine && legal.has(line);
}

function entriesOf(raw: string): readonly unknown[] | undefined {
  if (raw.length > maxCharacters) return undefined;
  const first = raw.indexOf('{');
  const last = raw.lastIndexOf('}');
  if (first < 0 || last < first) return undefined;
  try {
    const parsed = shape.safeParse(JSON.parse(raw.slice(first, last + 1)));
    return parsed.success ? parsed.data.boundaries : undefined;
  } catch {
    return undefined;
  }
}

function unknownIds(ids: readonly string[]): string | undefined {
  if (ids.length === 0) return undefined;
  const shown = ids.slice(0, maxNamed).map((id) => JSON.stringify(id));
  const rest = ids.length > maxNamed ? ` and ${ids.length - maxNamed} more` : '';
  return `these ids name no line where a part may begin: ${shown.join(', ')}${rest}.`;
}

function oversized(
  cuts: readonly ChosenCut[],
  { startLine, endLine, legal, lines, maxTokens }: Stretch,
): string | undefined {
  if (maxTokens === undefined) return undefined;
  const starts = [startLine, ...cuts.map(({ line }) => line)];
  const places = [...legal];
  const found = starts.flatMap((start, index) => {
    const end = starts[index + 1] ?? endLine;
    const tokens = lines.tokens(start, end);
    // A part that can be cut nowhere is nobody's fault.
    if (tokens <= maxTokens || !places.some((line) => line > start && line < end)) return [];
    return [
      `from ${lineId(start)} to before ${end === endLine ? 'the end' : lineId(end)} (${(tokens / maxTokens).toFixed(1)} × the limit)`,
    ];
  });
  if (found.length === 0) return undefined;
  return `these parts are too large, divide them further: ${found.slice(0, maxNamed).join('; ')}.`;
}

/** One line of plain text: no control characters, no markup brackets, bounded. */
function cleanText(text: string, length: number): string {
  const plain = text
    .slice(0, 4 * length)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .replace(/[<>`]/g, '')
    .trim();
  return plain.length <= length ? plain : `${plain.slice(0, length - 1)}…`;
}
