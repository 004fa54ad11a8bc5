import type { Locate } from '../../server/src/syntax/grammar.ts';
import { createSyntax } from '../../server/src/syntax/syntax.ts';
import type { LanguageId } from '../../server/src/types/outline.ts';

const wantedLines = 10_000;
const measured: readonly LanguageId[] = [
  'typescript',
  'javascript',
  'python',
  'java',
  'cpp',
  'go',
  'mumps',
  'hlasm',
  'asm',
];

/**
 * One letter typed at the end of a line anywhere in 10,000 lines, and taken back: re-parse and outline, wall time and the processor time of the
 * thread (which another process's load does not stretch much).
 */
export async function keystrokes(
  locate: Locate,
  textsOf: (id: LanguageId) => readonly string[],
  rounds: number,
): Promise<void> {
  const syntax = createSyntax({ locate });
  console.log(
    `\nOne keystroke in ${wantedLines} lines: re-parse and outline, ${rounds} letters typed and taken back\n`,
  );
  console.log(
    '| language | symbols | wall p50 ms | p95 | p99 | CPU p50 ms | p95 | p99 |\n|---|---|---|---|---|---|---|---|',
  );
  for (const id of measured) {
    const text = longText(textsOf(id));
    if (text === undefined) continue;
    const document = await syntax.open(id, text);
    const symbols = document.outline.symbols.length;
    const wall: number[] = [];
    const cpu: number[] = [];
    let place = 7;
    for (let round = 0; round < rounds; round += 1) {
      place = (Math.imul(place, 1_103_515_245) + 12_345) & 0x7fffffff;
      const line = place % (wantedLines - 1);
      const character = Math.max(
        0,
        document.positionAt(document.offsetAt({ line: line + 1, character: 0 }) - 1).character,
      );
      const at = { line, character };
      for (const change of [
        { range: { start: at, end: at }, text: 'x' },
        { range: { start: at, end: { line, character: character + 1 } }, text: '' },
      ]) {
        const cpuBefore = threadCpu();
        const start = performance.now();
        document.update([change]);
        void document.outline.symbols.length;
        wall.push(performance.now() - start);
        cpu.push(threadCpu() - cpuBefore);
      }
    }
    document.dispose();
    console.log(`| ${id} | ${symbols} | ${figures(wall)} | ${figures(cpu)} |`);
  }
  syntax.dispose();
}

function longText(texts: readonly string[]): string | undefined {
  const lines: string[] = [];
  for (let index = 0; lines.length < wantedLines && texts.length > 0; index += 1)
    for (const line of (texts[index % texts.length] ?? '').split(/\r?\n/)) lines.push(line);
  return lines.length === 0 ? undefined : lines.slice(0, wantedLines).join('\n');
}

function figures(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return [0.5, 0.95, 0.99]
    .map((share) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1))
    .join(' | ');
}

/** Processor time of this thread in milliseconds: a machine's load hardly stretches it. NaN on a Node without the call (before 23.9). */
export function threadCpu(): number {
  const read = (process as { threadCpuUsage?: () => { user: number; system: number } }).threadCpuUsage;
  if (read === undefined) return Number.NaN;
  const { user, system } = read.call(process);
  return (user + system) / 1000;
}
