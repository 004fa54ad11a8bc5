import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CanonicalValue, canonicalJson } from '../../../server/src/types/canonicalJson.ts';
import { contentHash } from '../../../server/src/types/contentHash.ts';
import { ModelError } from '../../../server/src/types/errors.ts';
import type { ProduceRequest, Producer } from '../../../server/src/types/produce.ts';
import type { BenchFile } from './documents.ts';
import { type Question, rubricVersion } from './questions.ts';
import { uriOf } from './variants.ts';

/** Asks a judge; what it said is kept, so that the same question is paid for once. */
export interface Asker {
  /** Undefined when the judge gave no usable answer in two tries. Throws what would befall every question. */
  ask<T>(file: BenchFile, question: Question<T>, signal: AbortSignal): Promise<T | undefined>;
  /** Whether a rerun of the question costs nothing. */
  isKnown(question: Question<unknown>): boolean;
}

const tries = 2;
/** The scheduler sends once more what came back as no JSON. */
export const sendsPerTry = 2;

/**
 * @param scope what makes another judge of the same name another: the endpoint
 * @param folder where answers are kept, one file each
 */
export function createAsker(judge: Producer, scope: string, folder: string): Asker {
  mkdirSync(folder, { recursive: true });
  const keyOf = (question: Question<unknown>): string =>
    contentHash(
      canonicalJson({
        rubricVersion,
        judge: `${judge.identity.provider}/${judge.identity.model}`,
        scope,
        system: question.system,
        code: question.code,
        task: question.task,
        schema: question.schema as CanonicalValue,
      }),
    );
  const fileOf = (question: Question<unknown>): string => join(folder, `${keyOf(question)}.json`);
  return {
    isKnown: (question) => stored(fileOf(question)) !== undefined,
    async ask(file, question, signal) {
      const known = stored(fileOf(question));
      if (known !== undefined) return readAnswer(known, question);
      let text = '';
      for (let attempt = 0; attempt < tries; attempt += 1) {
        text = await answer(judge, requestOf(file, question, `${keyOf(question)} ${attempt}`), signal);
        // No text: the scheduler has asked twice already.
        if (text === '' || readAnswer(text, question) !== undefined) break;
      }
      keep(fileOf(question), text);
      return readAnswer(text, question);
    },
  };
}

/** Bytes that the question may cost at most in tokens, both tries and their answers counted: a token is at least one byte. */
export function worstTokens(question: Question<unknown>): number {
  const prompt = question.system + question.code + question.task + JSON.stringify(question.schema);
  return tries * sendsPerTry * (Buffer.byteLength(prompt) + 1_000 + question.maxOutputTokens);
}

function readAnswer<T>(text: string, question: Question<T>): T | undefined {
  try {
    return question.read(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function answer(judge: Producer, request: ProduceRequest, signal: AbortSignal): Promise<string> {
  try {
    const produced = await judge.produce(request, signal);
    return produced.kind === 'json' ? produced.text : '';
  } catch (error) {
    if (ModelError.is(error) && ['badAnswer', 'refused', 'tooLarge', 'blocked'].includes(error.kind)) return '';
    throw error;
  }
}

function requestOf(file: BenchFile, question: Question<unknown>, key: string): ProduceRequest {
  return {
    key,
    subject: {
      uri: uriOf(file),
      path: file.path,
      language: file.language,
      range: { start: { line: 0, character: 0 }, end: { line: file.text.split('\n').length, character: 0 } },
    },
    source: question.code,
    pieces: [],
    parts: [],
    prompt: [
      { role: 'system', text: question.system },
      ...(question.code === '' ? [] : [{ role: 'file', text: question.code } as const]),
      { role: 'subject', text: question.task },
    ],
    style: { language: '', length: 'medium', instructions: '' },
    schema: question.schema,
    maxOutputTokens: question.maxOutputTokens,
    priority: 'file',
  };
}

function stored(file: string): string | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Written beside and renamed, so that a run that is stopped leaves no half answer. */
function keep(file: string, text: string): void {
  writeFileSync(`${file}.new`, JSON.stringify(text));
  renameSync(`${file}.new`, file);
}
