/** For servers that take no schema: the schema in words, at the end of the instructions. */
export function schemaInstruction(schema: Readonly<Record<string, unknown>>): string {
  return `Answer with one JSON document and nothing else: no code fence, no comment. It must match this JSON schema:\n${JSON.stringify(schema)}`;
}

/**
 * The JSON document in an answer that may wrap it: in a code fence, after a block of thoughts, between sentences. The text itself when there
 * is none.
 */
export function unwrapJson(text: string): string {
  const answer = text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim();
  if (isJson(answer)) return answer;
  const first = answer.indexOf('{');
  const last = answer.lastIndexOf('}');
  return first === -1 || last < first ? answer : answer.slice(first, last + 1);
}

/** Whether a text is one JSON document. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
