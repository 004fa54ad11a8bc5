import { z } from 'zod';

/** Of one language: the least confidence and, where outputs were read, the least trust (models/FORMAT.md, Gate); 1 is never. */
const language = z.object({ threshold: z.number(), trust: z.number().optional() });

/** `model.json`: what a program must know to use the graph; models/FORMAT.md explains each. */
export const modelDescription = z.object({
  format: z.literal(1),
  model: z.string(),
  tokenizer: z.string(),
  config: z.object({
    vocab: z.number().int(),
    layers: z.number().int(),
    kv: z.number().int(),
    hd: z.number().int(),
    edim: z.number().int(),
  }),
  maxPositions: z.number().int(),
  specials: z.record(z.string(), z.number().int()),
  limits: z.object({
    max_callees: z.number().int(),
    max_callee_doc: z.number().int(),
    max_callee_name: z.number().int(),
    max_calls: z.number().int(),
    max_class: z.number().int(),
    max_code: z.number().int(),
    max_examples: z.number().int(),
    max_example_doc: z.number().int(),
    max_example_head: z.number().int(),
    max_path: z.number().int(),
    max_query: z.number().int(),
  }),
  maxNewTokens: z.number().int(),
  calibration: z.record(z.string(), language),
});

export type ModelDescription = z.infer<typeof modelDescription>;
