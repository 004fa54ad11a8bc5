/** The patterns of a query as they are written, each with the comments and names behind it; joined they are the query. */
export function patternsIn(source: string): readonly string[] {
  const patterns: string[] = [];
  let depth = 0;
  let from = 0;
  let isFirst = true;
  for (const { 0: token, index } of source.matchAll(/;[^\n]*|"(?:[^"\\]|\\.)*"|[([]|[)\]]/g)) {
    if (token === ')' || token === ']') depth--;
    if (token !== '(' && token !== '[') continue;
    if (depth === 0 && !isFirst) {
      patterns.push(source.slice(from, index));
      from = index;
    }
    isFirst = false;
    depth++;
  }
  return [...patterns, source.slice(from)];
}
