/** Composes answers: a document that fits any JSON schema, plausible for the summaries that CodeGloss asks for. */

export type Schema = Readonly<Record<string, unknown>>;

/** Deepest schema that is followed. */
const deepest = 8;

/** A document that fits the schema: names come from the prompt, lines are small, texts are full sentences. */
export function composeAnswer(schema: Schema | undefined, prompt: string): unknown {
  const name = /(?:function|def|class|sub|fn|func)\s+([A-Za-z_]\w*)/.exec(prompt)?.[1] ?? 'code';
  return instanceOf(schema ?? summarySchema, name, 'answer', 0);
}

/** The same document with lines beyond any file and an identifier that no source holds. */
export function composeLie(schema: Schema | undefined): unknown {
  return instanceOf(schema ?? summarySchema, 'noSuchIdentifierAnywhere', 'lie', 0);
}

/** Used when the client sends no schema (plain text servers). */
const summarySchema: Schema = {
  type: 'object',
  properties: {
    line: { type: 'string' },
    paragraph: { type: 'string' },
    claims: {
      type: 'array',
      items: {
        type: 'object',
        properties: { text: { type: 'string' }, startLine: { type: 'integer' }, endLine: { type: 'integer' } },
      },
    },
  },
};

type Mode = 'answer' | 'lie';

function instanceOf(schema: Schema, name: string, mode: Mode, depth: number, property = ''): unknown {
  const choices = schema['enum'];
  if (Array.isArray(choices)) return choices[0];
  if (schema['const'] !== undefined) return schema['const'];
  const any = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(any)) return instanceOf(any[0] as Schema, name, mode, depth + 1, property);
  switch (schema['type']) {
    case 'object':
      return depth > deepest ? {} : objectOf(schema, name, mode, depth);
    case 'array':
      return depth > deepest ? [] : [instanceOf((schema['items'] ?? {}) as Schema, name, mode, depth + 1, property)];
    case 'integer':
    case 'number':
      return numberOf(property, mode);
    case 'boolean':
      return true;
    default:
      return textOf(property, name, mode);
  }
}

function objectOf(schema: Schema, name: string, mode: Mode, depth: number): Record<string, unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const entries = Object.entries(properties).map(([key, child]) => [
    key,
    instanceOf(child, name, mode, depth + 1, key),
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function numberOf(property: string, mode: Mode): number {
  const first = /end/i.test(property) ? 2 : 1;
  return mode === 'lie' ? 900_000 + first : first;
}

function textOf(property: string, name: string, mode: Mode): string {
  const about = mode === 'lie' ? `Calls \`${name}\` with nothing.` : `Loopback summary of \`${name}\`.`;
  return property === 'paragraph' ? `${about} It stands on what the prompt shows.` : about;
}
