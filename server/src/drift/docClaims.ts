/** A parameter that a comment documents; `line` is 0-based within the comment. */
interface NamedClaim {
  readonly name: string;
  readonly line: number;
}

/** What the tags of a doc comment claim about a function. */
export interface DocClaims {
  readonly parameters: readonly NamedClaim[];
  /** Line of the tag that promises a value; undefined without one. */
  readonly returns: number | undefined;
  /** Names in code font, and words that only code spells so. */
  readonly names: readonly NamedClaim[];
}

const maxLines = 400;

const tagParameter =
  /[@\\]param(?:\[[a-z, ]+\])?\s+(?:\{(?:[^{}]|\{[^{}]*\})*\}\s+)?\[?\s*(?:\.\.\.|&|\*)?([\p{L}_$][\p{L}\p{N}_$]*)/u;
const restParameter =
  /^:(?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?\\?\*{0,2}([\p{L}_][\p{L}\p{N}_]*)\s*:/u;
const xmlParameter = /<param\s+name="([\p{L}_@][\p{L}\p{N}_]*)"/u;
const returnTag = /(?:[@\\]returns?\b|^:returns?:|<returns>)\s*(.*)/;
/** Says that there is no value, or only that the type is. */
const noValue =
  /^(?:\{(?:void|undefined|null|never|Promise<(?:void|undefined)>)\}|(?:-\s*)?`*(?:none|nothing|void|undefined|null|nil|no value|never)\b)/i;

const sectionHead =
  /^(args|arguments|parameters|params|returns?|yields?|raises|throws|examples?|notes?|attributes|see also|warnings?|warns|other parameters|todo|references)\s*:?\s*$/i;
const sectionEntry = /^\*{0,2}([\p{L}_][\p{L}\p{N}_]*)\s*(?:\([^)]*\))?\s*:/u;

/** A line of a comment without its markers, and the section that it stands in. */
export interface DocLine {
  readonly text: string;
  readonly section: 'parameters' | 'returns' | 'raises' | 'other' | undefined;
  /** Whether it begins an entry of its section. */
  readonly isEntry: boolean;
}

/** The lines of a comment as it stands in the source, at most 400. */
export function docLines(comment: string): readonly DocLine[] {
  let section: Section | undefined;
  return unmarkedLines(comment).map(({ text, indent }): DocLine => {
    const head = sectionHead.exec(text)?.[1]?.toLowerCase();
    if (head !== undefined) {
      section = { name: head, indent, entry: undefined };
      return { text, section: undefined, isEntry: false };
    }
    if (section !== undefined && text !== '' && !/^[-=~]{3,}$/.test(text)) section = withinSection(section, indent);
    return { text, section: section && meaningOf(section.name), isEntry: section?.entry === indent };
  });
}

function meaningOf(head: string): NonNullable<DocLine['section']> {
  if (/^(args|arguments|parameters|params|other parameters)$/.test(head)) return 'parameters';
  if (/^returns?$/.test(head)) return 'returns';
  return /^(raises|throws)$/.test(head) ? 'raises' : 'other';
}

function unmarkedLines(comment: string): readonly { readonly text: string; readonly indent: number }[] {
  return comment
    .split(/\r\n|\n|\r/)
    .slice(0, maxLines)
    .map(unmarked);
}

/** Reads the claims of a comment as it stands in the source, markers included. */
export function docClaims(comment: string): DocClaims {
  const lines = unmarkedLines(comment);
  const parameters: NamedClaim[] = [];
  let returns: number | undefined;
  let section: Section | undefined;
  for (const [line, { text, indent }] of lines.entries()) {
    const tagged = tagParameter.exec(text)?.[1] ?? restParameter.exec(text)?.[1] ?? xmlParameter.exec(text)?.[1];
    if (tagged !== undefined) parameters.push({ name: tagged, line });
    const promised = returnTag.exec(text)?.[1];
    if (promised !== undefined && !noValue.test(promised) && !/^\\?\}/.test(promised)) returns ??= line;
    const head = sectionHead.exec(text)?.[1]?.toLowerCase();
    if (head !== undefined) {
      section = { name: head, indent, entry: undefined };
      continue;
    }
    if (section === undefined || text === '' || /^[-=~]{3,}$/.test(text)) continue;
    section = withinSection(section, indent);
    if (section === undefined) continue;
    if (/^(args|arguments|parameters|params|other parameters)$/.test(section.name)) {
      const entry = indent === section.entry ? sectionEntry.exec(text)?.[1] : undefined;
      if (entry !== undefined) parameters.push({ name: entry, line });
    } else if (/^returns?$/.test(section.name) && !noValue.test(text)) returns ??= line;
  }
  return { parameters, returns, names: codeNames(lines.map(({ text }) => text)) };
}

interface Section {
  readonly name: string;
  readonly indent: number;
  /** Indentation of the section's entries, which its first line sets. */
  readonly entry: number | undefined;
}

/** The section with this line in it; undefined when the line ends it. Entries of Google's style are indented, those of NumPy's are not. */
function withinSection(section: Section, indent: number): Section | undefined {
  if (indent < section.indent || (section.entry !== undefined && indent < section.entry)) return undefined;
  return section.entry === undefined ? { ...section, entry: indent } : section;
}

function unmarked(line: string): { readonly text: string; readonly indent: number } {
  const marker = /^\s*(?:\/\*+!?|\/\/+[!/]?|\*+(?!\/)|#+|--+|;+|[rRuU]?"""|[rRuU]?''')?/.exec(line)?.[0] ?? '';
  const rest = line.slice(marker.length).replace(/\s*(?:\*+\/|"""|''')\s*$/, '');
  return { text: rest.trim(), indent: /^\s*\*/.test(line) || marker.trim() !== '' ? indentOf(rest) : indentOf(line) };
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** A reference with its owner (`Type#member`, `~package.name`) leads to something elsewhere, which is there whatever this code does. */
const crossReference = /\{@(?:link|linkplain)\s+[^\s}#]+(?:#|\.)[^}]*\}|:(?:\w+:)?\w+:`[^`]*[.~][^`]*`/g;
const inCode = /``?([^`\n]{1,80})``?|\{@(?:link|code|linkplain)\s+([^}\s]+)/g;
/** `camelCase`, `snake_case`, `call()`: prose spells no word so. */
const codeWord =
  /\b([a-z][a-z0-9]*(?:[A-Z][A-Za-z0-9]*)+|[A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_]*[A-Za-z0-9]|[A-Za-z_][A-Za-z0-9_]{2,}(?=\(\)))/g;
const identifier = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

function codeNames(lines: readonly string[]): readonly NamedClaim[] {
  const seen = new Set<string>();
  const found: NamedClaim[] = [];
  const add = (name: string | undefined, line: number): void => {
    if (name === undefined || name.length < 3 || seen.has(name)) return;
    seen.add(name);
    found.push({ name, line });
  };
  for (const [line, raw] of lines.entries()) {
    const text = raw.replace(crossReference, ' ');
    for (const match of text.matchAll(inCode))
      for (const word of (match[1] ?? match[2] ?? '').matchAll(identifier)) add(word[0], line);
    for (const match of text.matchAll(codeWord)) add(match[1], line);
  }
  return found;
}
