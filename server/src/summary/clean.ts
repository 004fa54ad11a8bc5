/** Cuts of DESIGN.md's "untrusted markdown": what of a model's text may reach a screen or a comment. */
export const textLimits = { line: 160, paragraph: 1_600, claim: 300, claims: 12 } as const;

// Controls except the newline, and format characters: zero-width and bidirectional marks, tags. Invisible, or worse (CVE-2021-42574).
const invisible = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;
const htmlTag = /<!--[\s\S]*?(?:-->|$)|<[!/?]?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>/gi;
/** Tags that need no attribute to matter; after a word, others are taken for type parameters (`Map<string>`). */
const knownTag =
  /^<\/?(?:script|style|iframe|img|svg|a|b|i|u|p|br|hr|div|span|code|pre|table|tr|td|ul|ol|li|h[1-6]|form|input|object|embed|link|meta|details|summary|kbd|sub|sup|strong|em)\b/i;

/** Text on one line, without invisible characters, HTML, links, fences and headings. */
export function cleanLine(text: string, limit: number): string {
  return cut(withoutMarkup(text).replace(/\s+/g, ' ').trim(), limit);
}

/** Text in paragraphs separated by one empty line. */
export function cleanParagraph(text: string, limit: number): string {
  const paragraphs = text
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/)
    .map((paragraph) => withoutMarkup(paragraph).replace(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '');
  return cut(paragraphs.join('\n\n'), limit);
}

function withoutMarkup(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[\u2028\u2029\u0085\t]/g, ' ')
    .replace(invisible, '')
    .replace(/^\s*(?:`{3,}|~{3,}).*$/gm, ' ')
    .replace(/`{2,}|~{3,}/g, '')
    .replace(/^\s{0,3}#{1,6}\s+/gm, '')
    .replace(/^\s{0,3}>\s?/gm, '');
  // What is left of a link (unbalanced, or nested too deep) is parted, so that no renderer sees one.
  return balanced(stable(plain, withoutLinksAndTags).replace(/\](?=[([])/g, '] '));
}

/** Runs a removal until nothing changes: taking out an inner tag must not leave an outer one behind (`<scr<b>ipt>`). */
function stable(text: string, remove: (text: string) => string): string {
  let current = text;
  for (let round = 0; round < 8; round++) {
    const next = remove(current);
    if (next === current) return current;
    current = next;
  }
  return current.replace(/[<>[\]]/g, '');
}

function withoutLinksAndTags(text: string): string {
  return text
    .replace(/!?\[([^\][]*)\]\((?:[^()]|\([^()]*\))*\)/g, '$1')
    .replace(/!?\[([^\][]+)\]\[[^\][]*\]/g, '$1')
    .replace(/<?\b(?:[a-z][a-z0-9+.-]*:\/\/|mailto:|javascript:|data:|command:|vscode:)[^\s`)>\]]+>?/gi, '')
    .replace(htmlTag, (tag, offset: number) => {
      const afterWord = offset > 0 && /[\w>]/.test(text[offset - 1] ?? '');
      return afterWord && !tag.includes('=') && !tag.startsWith('<!') && !knownTag.test(tag) ? tag : '';
    });
}

/** An odd backtick would turn the rest of the hover into code. */
function balanced(text: string): string {
  const count = text.split('`').length - 1;
  if (count % 2 === 0) return text;
  const last = text.lastIndexOf('`');
  return text.slice(0, last) + text.slice(last + 1);
}

/** Cuts at a blank and says so; never inside a surrogate pair. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - 1);
  const blank = head.lastIndexOf(' ');
  const kept = blank > limit / 2 ? head.slice(0, blank) : head.replace(/[\ud800-\udbff]$/, '');
  return `${balanced(kept.trimEnd())}…`;
}
