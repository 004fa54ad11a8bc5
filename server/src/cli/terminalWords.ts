/** What to do, where a message names a command of the editor. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [
    /Run "CodeGloss: Set API Key", or "CodeGloss: Select Model" for another model\./g,
    'Set ANTHROPIC_API_KEY or OPENAI_API_KEY, or choose another --provider.',
  ],
  [/Run "CodeGloss: Set API Key"\./g, 'Check ANTHROPIC_API_KEY or OPENAI_API_KEY.'],
  [/\b([Rr])un "CodeGloss: Select Model"( to ask another model)?/g, '$1un it with another --provider or --model'],
  [/\bcodegloss\.endpoint\b/g, '--endpoint'],
];

/** A message of the language server in the words of the command line, which has options and variables instead of commands. */
export function inTerminalWords(message: string): string {
  return replacements.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), message);
}
