import { z } from 'zod';
import { providerIds, type StoredSummary } from '../types/summary.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().nonnegative();

const storedSummarySchema = z.object({
  key: hash,
  line: z.string(),
  paragraph: z.string(),
  claims: z.array(z.object({ text: z.string(), startLine: count.int(), endLine: count.int() })),
  origin: z.enum(['author', 'model', 'outline']),
  producer: z.object({ provider: z.enum(providerIds), model: z.string() }),
  usage: z.object({ input: count, cached: count, output: count, cost: count.nullable() }),
  droppedClaims: count.int(),
  createdAt: z.number(),
  basis: z.array(
    z.object({
      role: z.enum([
        'class',
        'callee',
        'caller',
        'type',
        'import',
        'example',
        'test',
        'sibling',
        'comment',
        'member',
        'partition',
      ]),
      path: z.string(),
      symbol: z.string().exactOptional(),
      hash,
      file: hash.exactOptional(),
      defines: count.int().exactOptional(),
    }),
  ),
  standsOn: z
    .object({
      subject: hash,
      doc: hash,
      settings: hash,
      asked: z.object({ provider: z.enum(providerIds), model: z.string() }).exactOptional(),
    })
    .exactOptional(),
  comments: z.array(z.object({ id: z.string(), text: z.string() })).exactOptional(),
  confidence: z.number().min(0).max(1).exactOptional(),
  reach: z.enum(['file', 'repository']).exactOptional(),
});

/** Text of a summary as the database keeps it. */
export function encodeSummary(summary: StoredSummary): string {
  return JSON.stringify(summary);
}

/** The summary that `encodeSummary` wrote; undefined for anything else, so that a damaged row is a miss and not a crash. */
export function decodeSummary(text: string): StoredSummary | undefined {
  try {
    const parsed = storedSummarySchema.safeParse(JSON.parse(text));
    // The brands of hashes exist for the compiler only; the schema has checked their shape.
    return parsed.success ? (parsed.data as unknown as StoredSummary) : undefined;
  } catch {
    return undefined;
  }
}
