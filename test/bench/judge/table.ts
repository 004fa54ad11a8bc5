import { mean, type Reliability } from './reliability.ts';
import type { Commented } from './variants.ts';

export interface Scores {
  readonly files: number;
  readonly completeness: number;
  readonly factuality: number;
  readonly readability: number;
  readonly usefulness: number;
  /** Share of right answers. */
  readonly quiz: number | undefined;
}

export type Verdict =
  | { readonly measured: false; readonly reason: string }
  | {
      readonly measured: true;
      readonly scores: ReadonlyMap<string, Scores>;
      readonly reliability: Reliability;
      /** Quiz without any comments. */
      readonly control: number | undefined;
    };

/** What was generated, and beside it what the judge says or why it does not count. */
export function printTable(commented: readonly Commented[], verdict: Verdict, print: (line: string) => void): void {
  print(
    '\n| comments | files | comments in all | mean characters | failed | completeness | factuality | readability | usefulness | quiz |',
  );
  print('|---|---|---|---|---|---|---|---|---|---|');
  print(
    row(
      'human',
      commented.map(({ file }) => ({ texts: file.human.map(({ text }) => text), failed: 0 })),
      verdict,
    ),
  );
  const names = new Set(commented.flatMap(({ made }) => made.map(({ name }) => name)));
  for (const name of names) {
    const made = commented.flatMap((each) => each.made.filter((one) => one.name === name));
    print(
      row(
        name,
        made.map(({ comments, failed }) => ({ texts: comments.map(({ text }) => text), failed })),
        verdict,
      ),
    );
  }
  if (names.size > 0 && !names.has('model natural'))
    print('\nmodel: not run, because the producer is no language model');
  if (!verdict.measured) {
    print(`\nnot measured: ${verdict.reason}`);
    return;
  }
  const { kappa, positionBias, unusable, pairs } = verdict.reliability;
  print(
    `\nquiz without comments: ${percent(verdict.control)}; judge with itself: weighted kappa ${kappa.toFixed(2)}, position bias ${positionBias.toFixed(2)}, ${unusable} of ${pairs} comparisons unusable`,
  );
}

interface Row {
  readonly texts: readonly string[];
  readonly failed: number;
}

function row(name: string, rows: readonly Row[], verdict: Verdict): string {
  const texts = rows.flatMap((each) => each.texts);
  const failed = rows.reduce((sum, each) => sum + each.failed, 0);
  const length = texts.length === 0 ? '–' : mean(texts.map((text) => text.length)).toFixed(0);
  return `| ${[name, rows.length, texts.length, length, failed, ...cells(name, verdict)].join(' | ')} |`;
}

function cells(name: string, verdict: Verdict): readonly string[] {
  const scores = verdict.measured ? verdict.scores.get(name) : undefined;
  if (scores === undefined || scores.files === 0) return Array.from({ length: 5 }, () => 'not measured');
  const { completeness, factuality, readability, usefulness, quiz } = scores;
  return [
    ...[completeness, factuality, readability, usefulness].map((value) => value.toFixed(2)),
    quiz === undefined ? 'not measured' : percent(quiz),
  ];
}

function percent(share: number | undefined): string {
  return share === undefined ? 'not measured' : `${(share * 100).toFixed(0)} %`;
}
