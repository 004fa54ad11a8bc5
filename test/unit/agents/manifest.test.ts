import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agentTools } from '../../../server/src/agents/agentTools.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

interface ManifestTool {
  readonly name: string;
  readonly displayName: string;
  readonly modelDescription: string;
  readonly inputSchema: unknown;
}

describe('the tools that the manifest offers to language models', () => {
  const offered: readonly ManifestTool[] = read('package.json').contributes.languageModelTools;
  const texts: Record<string, string> = read('package.nls.json');

  it('are those that the server runs, in the same words, with the same input', () => {
    const expected = agentTools.map(({ name, title, description, input }) => {
      const { $schema: _, ...inputSchema } = z.toJSONSchema(input, { io: 'input' });
      return { name, title, modelDescription: description, inputSchema };
    });
    const shown = offered.map(({ name, displayName, modelDescription, inputSchema }) => {
      return { name, title: texts[displayName.slice(1, -1)], modelDescription, inputSchema };
    });
    expect(shown).toEqual(expected);
  });
});
