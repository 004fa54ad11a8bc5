import { namesOnlyShown } from '../../summary/ground.ts';
import { isCancellation, ModelError } from '../../types/errors.ts';
import type { SymbolKind } from '../../types/outline.ts';
import type { Produced, ProduceRequest, Producer } from '../../types/produce.ts';
import { noUsage, type ProducerIdentity } from '../../types/summary.ts';
import { outlineProducer } from '../outline/outline.ts';
import type { ModelDescription } from './description.ts';
import type { EmbeddedModel } from './embeddedModel.ts';
import { promptOf } from './promptOf.ts';
import type { PromptInput, Sentence } from './tasks.ts';
import { confidenceIn, distrust, speaks } from './trust.ts';

export interface EmbeddedProducerPorts {
  readonly model: EmbeddedModel;
  readonly description: ModelDescription;
  /** Changes with the weights, so that old summaries turn stale. */
  readonly name: string;
  /** Told once when the model cannot be used. */
  readonly onUnusable: (error: ModelError) => void;
}

/** Kinds that stood in the training data; of others (files, variables, sections) the outline speaks. */
const trainedKinds: ReadonlySet<SymbolKind> = new Set([
  'function',
  'method',
  'constructor',
  'operator',
  'class',
  'interface',
  'struct',
  'enum',
  'object',
]);

/** A model that failed is tried again for a later question, but not for each of a thousand. */
const failuresUntilSilence = 3;

/**
 * One sentence by the model that ships with CodeGloss, where it may be trusted; everything else as the outline says it. An author's comment
 * is quoted, never rewritten. The paragraph is composed of facts that the syntax shows; there are no claims.
 */
export function embeddedProducer({ model, description, name, onUnusable }: EmbeddedProducerPorts): Producer {
  const identity: ProducerIdentity = { provider: 'embedded', model: name };
  const outline = outlineProducer();
  let failures = 0;
  const sentenceFor = async (
    input: PromptInput,
    request: ProduceRequest,
    signal: AbortSignal,
  ): Promise<Sentence | undefined> => {
    if (failures >= failuresUntilSilence) return undefined;
    try {
      const sentence = await model.ask({ kind: 'summarize', prompt: input }, request.priority, signal);
      failures = 0;
      return sentence;
    } catch (error) {
      if (isCancellation(error) || !ModelError.is(error)) throw error;
      failures += 1;
      if (failures === 1) onUnusable(error);
      return undefined;
    }
  };
  return {
    identity,
    local: true,
    async produce(request, signal): Promise<Produced> {
      const plain = await outline.produce(request, signal);
      if (plain.kind !== 'text' || plain.origin === 'author' || !isForModel(request, description)) return plain;
      const input = promptOf(request);
      const sentence = await sentenceFor(input, request, signal);
      if (sentence === undefined) return plain;
      if (distrust(sentence, input, { name: request.symbol?.name ?? '', description }) !== undefined) return plain;
      const line = marked(sentence.text);
      if (!namesOnlyShown(line, request)) return plain;
      const summary = { ...plain.summary, line };
      return {
        kind: 'text',
        summary,
        origin: 'model',
        producer: identity,
        usage: noUsage,
        confidence: confidenceIn(sentence),
      };
    },
  };
}

function isForModel({ subject, symbol, style, source }: ProduceRequest, description: ModelDescription): boolean {
  if (symbol === undefined || !trainedKinds.has(symbol.kind) || source.trim() === '') return false;
  const isEnglish = /^(?:|en|en-.*|english)$/i.test(style.language);
  return isEnglish && speaks(subject.language, description);
}

/** Names written like code are set as code. */
function marked(text: string): string {
  const sentence = text
    .replaceAll('`', '')
    .replace(/[\p{L}_$][\p{L}\p{N}_$]*(?:(?:\.|::)[\p{L}_$][\p{L}\p{N}_$]*)*(?:\(\))?/gu, (name) =>
      /_|\p{Ll}\p{Lu}|::|\(\)|\$/u.test(name) ? `\`${name}\`` : name,
    );
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
