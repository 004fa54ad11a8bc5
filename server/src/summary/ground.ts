import type { LanguageId } from '../types/outline.ts';
import type { ProduceRequest } from '../types/produce.ts';
import type { Claim, SummaryText } from '../types/summary.ts';

/** What the source lets a summary say. */
export interface Ground {
  readonly language: LanguageId;
  /** Names that the prompt showed: of the subject, its context and its parts. */
  readonly names: ReadonlySet<string>;
  /** Number of lines of the subject; claim lines are relative to its first. */
  readonly lines: number;
}

export interface Grounded {
  readonly text: SummaryText;
  readonly droppedClaims: number;
  /** Names in the one-liner that nobody showed; then the whole answer is refused. */
  readonly unknownInLine: readonly string[];
}

const caseless: ReadonlySet<LanguageId> = new Set(['mumps', 'hlasm', 'asm', 'php']);

/** Words that may stand in backticks although no source spells them. */
const literals = new Set(
  'true false null none nil undefined void nan self this super return yield async await int integer string str bool boolean float double char byte object array list dict map set tuple number any unknown'.split(
    ' ',
  ),
);
/** Written like code, but names of products and formats. */
const properNames = new Set(
  'JavaScript TypeScript GitHub GitLab PostgreSQL MySQL SQLite MongoDB NoSQL GraphQL OpenAI WebSocket WebSockets LaTeX macOS iOS iPhone FreeBSD OpenSSL YouTube PowerShell CodeGloss CoffeeScript VistA FileMan'.split(
    ' ',
  ),
);

const word = /[\p{L}_$%#@][\p{L}\p{N}_$%#@]*/gu;

/**
 * Checks a summary against what its prompt showed: every name in backticks or written like code must be known, every line range must lie in
 * the subject. Claims and sentences of the paragraph that fail are dropped.
 */
export function ground(text: SummaryText, source: Ground): Grounded {
  const known = knownNames(source);
  const kept = text.claims.filter(
    (claim) => isLegal(claim, source.lines) && unknownNames(claim.text, known).length === 0,
  );
  return {
    text: { line: text.line, paragraph: withoutUngrounded(text.paragraph, known), claims: kept },
    droppedClaims: text.claims.length - kept.length,
    unknownInLine: unknownNames(text.line, known),
  };
}

/** What is shown of a subject. */
export type Shown = Pick<ProduceRequest, 'subject' | 'source' | 'pieces' | 'parts'>;

/** What a summary may speak of: every name in what its key covers. What the prompt shows for orientation does not count. */
export function shownNames({ subject, source, pieces, parts }: Shown): ReadonlySet<string> {
  const texts = [
    subject.path,
    subject.symbol?.name ?? '',
    subject.title ?? '',
    source,
    ...pieces.flatMap((piece) => [piece.symbol ?? '', piece.text]),
    ...parts.flatMap((part) => [part.name, part.line]),
  ];
  return wordsOf(texts.join('\n'), subject.language);
}

/** Whether a sentence names nothing but what is shown: a producer that writes it without a model must not be refused for it. */
export function namesOnlyShown(line: string, shown: Shown): boolean {
  const known = knownNames({ language: shown.subject.language, names: shownNames(shown) });
  return unknownNames(line, known).length === 0;
}

interface Known {
  readonly language: LanguageId;
  readonly has: (name: string) => boolean;
}

function knownNames({ names, language }: Pick<Ground, 'names' | 'language'>): Known {
  if (!caseless.has(language)) return { language, has: (name) => names.has(name) || literals.has(name.toLowerCase()) };
  const folded = new Set([...names].map((name) => name.toLowerCase()));
  return { language, has: (name) => folded.has(name.toLowerCase()) || literals.has(name.toLowerCase()) };
}

function isLegal(claim: Claim, lines: number): boolean {
  return claim.startLine >= 0 && claim.startLine < claim.endLine && claim.endLine <= lines;
}

/** Names in a text that nobody showed, in order, each once. */
function unknownNames(text: string, known: Known): readonly string[] {
  const unknown = new Set<string>();
  const rest = text.replace(/`([^`]*)`/g, (_whole, code: string) => {
    for (const name of namesOf(code, known.language)) if (!known.has(name)) unknown.add(name);
    return ' ';
  });
  for (const written of codeLooking(rest))
    for (const name of namesOf(written, known.language)) if (!known.has(name)) unknown.add(name);
  return [...unknown];
}

function namesOf(code: string, language: LanguageId): readonly string[] {
  // In MUMPS `_` joins two strings: `"at "_$$NOW^XLFDT` names `NOW`.
  const plain = language === 'mumps' ? code.replaceAll('_', ' ') : code;
  return (plain.match(word) ?? []).map(bare).filter((name) => name !== '');
}

/** Without sigils, so that `$name`, `@name` and `name` are one; HLASM's national characters inside a name stay. */
function bare(name: string): string {
  return name.replace(/^[$@#%]+/, '').replace(/[@#%]+$/, '');
}

/** Words of prose that only code spells so: `snake_case`, `camelCase`, `TwoHumps`, `called()`, `a.b` members of either. */
function codeLooking(prose: string): readonly string[] {
  const names: string[] = [];
  for (const match of prose.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*(?=(\s?\(\))?)/gu)) {
    const [name, called] = match;
    if (properNames.has(name)) continue;
    const looksLikeCode = called !== undefined || /\p{L}_\p{L}/u.test(name) || /\p{Ll}\p{Lu}/u.test(name);
    if (looksLikeCode) names.push(name);
  }
  return names;
}

function withoutUngrounded(paragraph: string, known: Known): string {
  return paragraph
    .split('\n\n')
    .map((part) =>
      sentences(part)
        .filter((sentence) => unknownNames(sentence, known).length === 0)
        .join(' '),
    )
    .filter((part) => part !== '')
    .join('\n\n');
}

function sentences(text: string): readonly string[] {
  return text.split(/(?<=[.!?])\s+(?=[\p{Lu}`])/u);
}

/** Every word of a text that could be a name. */
export function wordsOf(text: string, language: LanguageId): ReadonlySet<string> {
  return new Set(namesOf(text, language));
}
