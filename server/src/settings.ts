import { z } from 'zod';
import { partitionStrategies } from './types/partition.ts';
import { providerIds } from './types/summary.ts';

/**
 * The one schema of all settings (`codegloss.` before each name in the editor). `test/unit/settings.test.ts` holds the manifest to it:
 * same names, defaults, choices; machine scope and restriction in untrusted workspaces where `settingScopes` says so.
 */
export const settingsSchema = z.object({
  /** Who writes summaries. Machine scope: a repository must not choose where code is sent. */
  provider: z.enum(providerIds).default('embedded'),
  /** Model name of the provider; empty for the provider's default. */
  model: z.string().default(''),
  /** Base URL of an Anthropic- or OpenAI-compatible server; empty for the provider's own. */
  endpoint: z.string().default(''),
  /** Whether a remote producer may fill visible lenses without being asked. */
  automatic: z.boolean().default(false),
  codeLens: z.object({ enabled: z.boolean().default(true) }).prefault({}),
  hover: z
    .object({
      enabled: z.boolean().default(true),
      /** What a hover says of a symbol that its author documented: the author's first sentence, a summary of ours, or nothing. */
      whenDocumented: z.enum(['quote', 'summarize', 'nothing']).default('quote'),
    })
    .prefault({}),
  /** Hints at comments whose claims no longer hold. */
  drift: z.object({ enabled: z.boolean().default(true) }).prefault({}),
  moduleComment: z.object({ onSave: z.enum(['off', 'update', 'always']).default('off') }).prefault({}),
  summary: z
    .object({
      language: z.string().max(40).default(''),
      length: z.enum(['short', 'medium', 'long']).default('medium'),
      instructions: z.string().max(2000).default(''),
      /** Whether comments in the code are shown to the model. */
      comments: z.enum(['keep', 'strip']).default('keep'),
    })
    .prefault({}),
  budget: z
    .object({
      /** US dollars a day that remote requests may cost; 0 for none, null for no limit. */
      daily: z.number().min(0).nullable().default(1),
    })
    .prefault({}),
  /** Prices in US dollars per million tokens, by model name, over the built-in table. */
  prices: z
    .record(
      z.string(),
      z.object({ input: z.number().min(0), output: z.number().min(0), cached: z.number().min(0).optional() }),
    )
    .default({}),
  store: z.object({ url: z.string().default('') }).prefault({}),
  /** Whether a remote model is asked, twice at most, which piece of context it wants more or less before it summarizes: each question costs. */
  context: z.object({ askModel: z.boolean().default(false) }).prefault({}),
  /** More ignore patterns, in .gitignore syntax. */
  ignore: z.array(z.string()).default([]),
  symbols: z
    .object({
      /** Macros that define a routine, by language: `{"hlasm": ["MRXSTART"], "asm": ["my_func"]}`. */
      macros: z.record(z.string(), z.array(z.string())).default({}),
    })
    .prefault({}),
  partition: z
    .object({
      strategy: z.enum(partitionStrategies).default('structure'),
      maxTokens: z.number().int().min(128).max(100_000).default(2048),
    })
    .prefault({}),
  /** Whether the embedded model, where it is the provider, gives symbols vectors when nobody types, for searches to rank by meaning, too. */
  search: z.object({ byMeaning: z.boolean().default(true) }).prefault({}),
  /** Language of files whose ending is ambiguous, by pattern: `{"*.m": "mumps"}`. */
  languages: z.record(z.string(), z.string()).default({}),
});

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});

/** Settings that only the user's own machine may set, and that an untrusted workspace cannot touch. */
export const machineSettings = [
  'provider',
  'model',
  'endpoint',
  'automatic',
  'budget.daily',
  'prices',
  'store.url',
  'context.askModel',
] as const;

/** Settings that a trusted workspace may set, but not an untrusted one. */
export const restrictedSettings = [
  ...machineSettings,
  'summary.language',
  'summary.length',
  'summary.instructions',
  'ignore',
] as const;

/**
 * Settings from untrusted input. Names that fail keep their default and are reported, so that one wrong value does not turn everything off.
 * @returns the settings and one sentence per problem.
 */
export function parseSettings(input: unknown): { readonly settings: Settings; readonly problems: readonly string[] } {
  const whole = settingsSchema.safeParse(input ?? {});
  if (whole.success) return { settings: whole.data, problems: [] };
  const problems = whole.error.issues.map(
    (issue) => `codegloss.${issue.path.join('.')}: ${issue.message}; the default is used.`,
  );
  const cleaned = structuredClone(input) as Record<string, unknown>;
  for (const issue of whole.error.issues) remove(cleaned, issue.path);
  const again = settingsSchema.safeParse(cleaned);
  return { settings: again.success ? again.data : defaultSettings, problems };
}

function remove(from: Record<string, unknown>, path: readonly PropertyKey[]): void {
  const [first, ...rest] = path;
  if (first === undefined || from === null || typeof from !== 'object') return;
  const child = from[String(first)];
  if (rest.length === 0 || child === null || typeof child !== 'object') delete from[String(first)];
  else remove(child as Record<string, unknown>, rest);
}
