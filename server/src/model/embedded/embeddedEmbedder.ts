import type { Embedder } from '../../repository/embedder.ts';
import type { ModelDescription } from './description.ts';
import type { EmbeddedModel } from './embeddedModel.ts';
import { dedented } from './promptOf.ts';

/** Characters of a symbol that its vector is made from, some 120 tokens: what longer ones cost and gain is in docs/EVALUATION.md. */
const mostCharacters = 400;

/** The embedding side of the model: code at low priority, questions at once. */
export function embeddedEmbedder({
  model,
  description,
  name,
}: {
  readonly model: EmbeddedModel;
  readonly description: ModelDescription;
  readonly name: string;
}): Embedder {
  return {
    name,
    dimensions: description.config.edim,
    embedCode: ({ language, path, code }, signal) =>
      model.ask(
        {
          kind: 'embedCode',
          prompt: {
            language,
            path,
            owner: '',
            calls: [],
            callees: [],
            examples: [],
            code: dedented(code).slice(0, mostCharacters),
          },
        },
        'background',
        signal,
      ),
    embedQuery: (text, signal) => model.ask({ kind: 'embedQuery', language: undefined, text }, 'hover', signal),
  };
}
