/**
 * `npm run bench:judge`: comments for files of the legacy data pack under every partition strategy and size, rated by a judge model that is
 * itself held to account first. See docs/EVALUATION.md. Keys come from ANTHROPIC_API_KEY and OPENAI_API_KEY, as for the command line.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type ProviderId, providerIds } from '../../../server/src/types/summary.ts';
import { hasPack, packFolder } from '../legacy/pack.ts';
import { chooseFiles } from './documents.ts';
import { runJudgeBench } from './run.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    provider: text,
    model: text,
    endpoint: text,
    'judge-provider': text,
    'judge-model': text,
    'judge-endpoint': text,
    files: text,
    seed: text,
    yes: { type: 'boolean' },
  },
});

function providerOf(name: string): ProviderId {
  const known = providerIds.find((each) => each === name);
  if (known === undefined || known === 'editor')
    throw new Error(`there is no provider '${name}' here: choose one of outline, embedded, anthropic, openai.`);
  return known;
}

function numberOf(name: 'files' | 'seed', otherwise: number): number {
  const value = Number(values[name] ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} wants a whole number from 1.`);
  return value;
}

const keyVariables: Partial<Record<ProviderId, string>> = { anthropic: 'ANTHROPIC_API_KEY', openai: 'OPENAI_API_KEY' };
const judge = values['judge-provider'];

if (!hasPack()) console.log(`skipped: the legacy data pack is not at ${packFolder}`);
else {
  const seed = numberOf('seed', 1);
  await runJudgeBench({
    files: chooseFiles(numberOf('files', 10), seed),
    producer: {
      provider: providerOf(values.provider ?? 'outline'),
      model: values.model ?? '',
      endpoint: values.endpoint ?? '',
    },
    judge:
      judge === undefined
        ? undefined
        : {
            provider: providerOf(judge),
            model: values['judge-model'] ?? '',
            endpoint: values['judge-endpoint'] ?? '',
          },
    seed,
    confirmed: values.yes === true,
    cache: path.resolve(import.meta.dirname, '../../../.cache/judge'),
    apiKey: (provider) => process.env[keyVariables[provider] ?? ''] ?? null,
    print: (line) => console.log(line),
    signal: new AbortController().signal,
  });
}
