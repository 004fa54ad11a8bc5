import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { BenchFile } from '../../bench/judge/documents.ts';
import { mixed } from '../../bench/judge/judging.ts';
import type { Comparison, Rating } from '../../bench/judge/questions.ts';
import { humanBlindness, reliabilityOf, selfDisagreement, weightedKappa } from '../../bench/judge/reliability.ts';
import { runJudgeBench } from '../../bench/judge/run.ts';
import type { Behaviour, LoopbackRequest } from '../../loopback/behaviour.ts';
import { type Loopback, startLoopback } from '../../loopback/server.ts';

/** Six routines that count different things; a description is right for the file that holds its word. */
const words = ['apples', 'pears', 'plums', 'figs', 'grapes', 'melons'] as const;
const files: readonly BenchFile[] = words.map((word) => {
  const text = ['RTN', ` S ${word}=0`, ' Q', 'ADD(N)', ` S ${word}=${word}+N`, ` Q ${word}`, ''].join('\n');
  const human = [
    { startLine: 0, endLine: 3, text: `Resets the count of ${word}` },
    { startLine: 3, endLine: 6, text: `Adds to the count of ${word}` },
  ];
  return { path: `${word}.m`, language: 'mumps', text, human, neighbours: [] };
});

const open: { loopback?: Loopback; folder?: string } = {};
afterEach(async () => {
  await open.loopback?.close();
  if (open.folder !== undefined) rmSync(open.folder, { recursive: true, force: true });
  delete open.loopback;
});

type Score = (set: string, place: 'first' | 'second', request: LoopbackRequest) => number;

function rated(score: number): Record<keyof Rating, { reasoning: string; score: number }> {
  const one = { reasoning: 'Because.', score };
  return { completeness: one, factuality: one, readability: one, usefulness: one };
}

/** Plays the judge: rates by `score`, writes a quiz whose right answer is option 2, and takes one by looking for the word "count". */
function judgeBy(score: Score): (request: LoopbackRequest) => Behaviour {
  return (request) => {
    const sets = /FIRST SET OF COMMENTS\n([\s\S]*)\n\nSECOND SET OF COMMENTS\n([\s\S]*)\n\nRate both/.exec(
      request.prompt,
    );
    if (sets !== null) {
      const first = rated(score(sets[1] ?? '', 'first', request));
      return { kind: 'answer', document: { first, second: rated(score(sets[2] ?? '', 'second', request)) } };
    }
    if (request.prompt.includes('Write exactly')) {
      const question = {
        reasoning: 'r',
        question: 'What is kept?',
        options: ['none', 'names', 'a count', 'dates'],
        answer: 2,
      };
      return { kind: 'answer', document: { questions: Array.from({ length: 5 }, () => question) } };
    }
    const knows = /COMMENTS ON THE FILE[\s\S]*the count of/.test(request.prompt);
    const right = [...request.prompt.matchAll(/(\d): a count/g)].map(([, index]) => Number(index));
    const answers = right.map((choice) => ({ reasoning: 'r', choice: knows ? choice : (choice + 1) % 4 }));
    return { kind: 'answer', document: { answers } };
  };
}

/** Rates a set high when it speaks of what the code counts. */
const fair: Score = (set, _place, { prompt }) => {
  const word = words.find((each) => prompt.includes(`| \tS ${each}=0`) || prompt.includes(`|  S ${each}=0`));
  return word !== undefined && set.includes(`count of ${word}`) ? 4 : 1;
};

async function run(script: (request: LoopbackRequest) => Behaviour, again = false) {
  if (!again) {
    open.loopback = await startLoopback({ openai: script });
    open.folder = mkdtempSync(join(tmpdir(), 'judge-'));
  }
  const lines: string[] = [];
  const verdict = await runJudgeBench({
    files,
    producer: { provider: 'outline', model: '', endpoint: '' },
    judge: { provider: 'openai', model: 'scripted', endpoint: `${open.loopback?.url}/v1` },
    seed: 1,
    confirmed: false,
    cache: open.folder ?? '',
    apiKey: () => null,
    print: (line) => lines.push(line),
    signal: new AbortController().signal,
  });
  return { verdict, printed: lines.join('\n') };
}

describe('bench:judge against the loopback server', () => {
  it('counts a judge that agrees with itself and knows right text from wrong, and asks nothing the second time', async () => {
    const { verdict, printed } = await run(judgeBy(fair));
    if (!verdict.measured) throw new Error(verdict.reason);
    expect(verdict.reliability.kappa).toBe(1);
    expect(verdict.scores.get('human')).toMatchObject({ files: 6, factuality: 4, quiz: 1 });
    expect(verdict.scores.get('structure natural')?.factuality).toBe(1);
    expect(verdict.control).toBe(0);
    expect(printed).toContain('judge: openai/scripted');
    expect(printed).toMatch(/producer: outline\/outline-\d/);
    const asked = open.loopback?.requests.length ?? 0;
    expect(asked).toBeGreaterThan(0);
    const second = await run(judgeBy(fair), true);
    expect(open.loopback?.requests.length).toBe(asked);
    expect(second.verdict).toEqual(verdict);
    expect(second.printed).toContain('judge: at most 0 tokens');
  });

  it('does not count a judge that prefers the first place, and stops after the trial', async () => {
    const { verdict, printed } = await run(judgeBy((_set, place) => (place === 'first' ? 4 : 2)));
    expect(verdict).toMatchObject({ measured: false, reason: expect.stringMatching(/does not agree with itself/) });
    expect(printed).toMatch(/not measured: the judge does not agree/);
    expect(open.loopback?.requests).toHaveLength(2 * files.length);
  });

  it('does not count a judge that rates everything alike', async () => {
    const { verdict } = await run(judgeBy(() => 3));
    expect(verdict).toEqual({ measured: false, reason: 'the judge gave one score to everything' });
  });

  it('does not count a judge whose answers are broken', async () => {
    const { verdict } = await run(() => ({ kind: 'brokenJson' }));
    expect(verdict).toEqual({ measured: false, reason: '6 of 6 comparisons got no usable answer' });
    expect(open.loopback?.requests).toHaveLength(2 * files.length);
  });

  it('says why a judge cannot be used at all', async () => {
    const { verdict } = await run(() => ({ kind: 'status', status: 401 }));
    expect(verdict).toMatchObject({ measured: false, reason: expect.stringMatching(/^the judge cannot be used: /) });
  });

  it('sends nothing to a judge elsewhere that was not confirmed', async () => {
    const lines: string[] = [];
    open.folder = mkdtempSync(join(tmpdir(), 'judge-'));
    const verdict = await runJudgeBench({
      files: files.slice(0, 1),
      producer: { provider: 'outline', model: '', endpoint: '' },
      judge: { provider: 'anthropic', model: '', endpoint: 'https://judge.invalid' },
      seed: 1,
      confirmed: false,
      cache: open.folder,
      apiKey: () => {
        throw new Error('no key may be asked for');
      },
      print: (line) => lines.push(line),
      signal: new AbortController().signal,
    });
    expect(verdict).toEqual({ measured: false, reason: 'the judge was not confirmed with --yes' });
    expect(lines.join('\n')).toMatch(/judge: at most [\d,]+ tokens/);
  });
});

describe('reliability', () => {
  const comparison = (first: number, second: number): Comparison => {
    const all = (score: number): Rating => ({
      completeness: score,
      factuality: score,
      readability: score,
      usefulness: score,
    });
    return { first: all(first), second: all(second) };
  };

  it('computes quadratic-weighted kappa', () => {
    expect(
      weightedKappa([
        [1, 1],
        [4, 4],
        [2, 2],
      ]),
    ).toBe(1);
    expect(
      weightedKappa([
        [1, 4],
        [4, 1],
      ]),
    ).toBe(-1);
    expect(
      weightedKappa([
        [3, 3],
        [3, 3],
      ]),
    ).toBeNaN();
  });

  it('refuses a judge that agrees but leans to one place', () => {
    const pairs = [
      { forward: comparison(4, 1), backward: comparison(2, 4) },
      { forward: comparison(4, 2), backward: comparison(2, 3) },
      { forward: comparison(3, 1), backward: comparison(1, 2) },
      { forward: comparison(2, 1), backward: comparison(3, 1) },
    ];
    expect(selfDisagreement({ ...reliabilityOf(pairs), kappa: 0.9, positionBias: 0.3 })).toMatch(/place in the prompt/);
  });

  it('wants human text above wrong text on at least five files', () => {
    const good = { forward: comparison(3, 1), backward: comparison(1, 3) };
    expect(
      humanBlindness(
        Array.from({ length: 5 }, () => good),
        1,
      ),
    ).toBeUndefined();
    expect(
      humanBlindness(
        Array.from({ length: 4 }, () => good),
        1,
      ),
    ).toMatch(/too few/);
    const bad = { forward: comparison(2, 2), backward: comparison(2, 2) };
    expect(
      humanBlindness(
        Array.from({ length: 5 }, () => bad),
        1,
      ),
    ).toMatch(/does not rate human/);
  });
});

it('moves the options of a question and keeps the right one', () => {
  const question = { question: 'q', options: ['a', 'b', 'c', 'd'], answer: 2 };
  for (let seed = 1; seed < 20; seed += 1) {
    const { options, answer } = mixed(question, seed);
    expect(options[answer]).toBe('c');
    expect([...options].sort()).toEqual(question.options);
  }
});
