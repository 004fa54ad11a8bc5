import type { BoundaryChooser, BoundaryQuestion } from '../partition/boundaryChooser.ts';
import { ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest, Producer } from '../types/produce.ts';

/** Which file the questions are about: what gate and scheduler look at. */
export interface ChooserFile {
  readonly uri: string;
  readonly path: string;
}

/** Tokens of source in one question: long files fit in a few, and small local servers still take it. */
const windowTokens = 12_000;

/** Asks a producer for boundaries, behind the same gate and scheduler as summaries. Throws `ModelError`. */
export function producerChooser(producer: Producer, file: ChooserFile): BoundaryChooser {
  const { provider, model } = producer.identity;
  return {
    identity: `${provider}/${model}`,
    windowTokens,
    async choose(question, signal) {
      const produced = await answered(producer.produce(requestOf(question, file), signal));
      if (produced === undefined) return '';
      if (produced.kind === 'json') return produced.text;
      throw new ModelError(
        'unavailable',
        `The provider '${provider}' cannot choose boundaries: choose a language model, or another strategy.`,
        { usage: produced.usage },
      );
    },
  };
}

function requestOf(question: BoundaryQuestion, file: ChooserFile): ProduceRequest {
  const range = { start: { line: question.startLine, character: 0 }, end: { line: question.endLine, character: 0 } };
  return {
    key: question.key,
    subject: { ...file, language: question.language, range },
    source: question.source,
    pieces: [],
    parts: [],
    prompt: [
      { role: 'system', text: question.instructions },
      { role: 'subject', text: question.task },
    ],
    style: { language: '', length: 'medium', instructions: '' },
    schema: question.schema,
    maxOutputTokens: question.maxOutputTokens,
    priority: 'file',
  };
}

/** Undefined for an answer that was no JSON: whoever asked may say so and ask again. */
async function answered(producing: Promise<Produced>): Promise<Produced | undefined> {
  try {
    return await producing;
  } catch (error) {
    if (ModelError.is(error, 'badAnswer')) return undefined;
    throw error;
  }
}
