/** Text of an expression that is longer is not read. */
const maxExpression = 4000;
const maxChain = 160;

const leadWords = /\s*(?:(?:await|yield)\s+)*(new\s+)?/y;
const dot = /\s*\??\.\s*/y;
const identifier = /[\p{L}_$#@][\p{L}\p{N}_$]*/uy;
const generics = /<[^<>()]*(?:<[^<>()]*>[^<>()]*)*>(?=\()/y;
const cast = /\bas\s+(?:[\p{L}_$][\p{L}\p{N}_$]*\.)*([\p{L}_$][\p{L}\p{N}_$]*)(?:<[^()]*>)?\s*$/u;

/** An expression of names and calls, as `chainAt` reads it. */
export interface Chain {
  /** Without blanks, arguments and type parameters: `new pkg.Widget().run()`. A cast is `:Type`. */
  readonly text: string;
  /** Offset behind it. */
  readonly end: number;
}

/**
 * Reads the expression at an offset while it consists of names, calls and indexes: `await new pkg.Widget<T>(a, b)!.run(x)`. Undefined where
 * it begins with something else, or has no end within reach. Good for all languages that write members with a dot.
 */
export function chainAt(text: string, from: number): Chain | undefined {
  let at = from;
  let chain = '';
  leadWords.lastIndex = at;
  const lead = leadWords.exec(text);
  at += lead?.[0].length ?? 0;
  if (lead?.[1] !== undefined) chain = 'new ';
  if (text.charAt(at) === '(') {
    const close = closingOf(text, at);
    const inner = close === -1 ? undefined : innerOf(text.slice(at + 1, close));
    if (inner === undefined) return undefined;
    chain += inner;
    at = close + 1;
  } else {
    const head = nameAt(text, at);
    if (head === undefined) return undefined;
    chain += head;
    at += head.length;
  }
  for (;;) {
    const step = stepAt(text, at);
    if (step === undefined) break;
    chain += step.text;
    at = step.end;
    if (chain.length > maxChain) return undefined;
  }
  return { text: chain, end: at };
}

/** The whole text as a chain; undefined when it is more than that. */
export function chainOf(text: string): string | undefined {
  const chain = chainAt(text, 0);
  return chain !== undefined && text.slice(chain.end).trim() === '' ? chain.text : undefined;
}

function stepAt(text: string, from: number): Chain | undefined {
  let at = from;
  if (text.charAt(at) === '!' && text.charAt(at + 1) !== '=') at++;
  dot.lastIndex = at;
  const dotted = dot.exec(text);
  if (dotted !== null) {
    const name = nameAt(text, at + dotted[0].length);
    if (name !== undefined) return { text: `.${name}`, end: at + dotted[0].length + name.length };
    if (/[([]/.test(text.charAt(at + dotted[0].length))) at += dotted[0].length;
  }
  generics.lastIndex = at;
  at += generics.exec(text)?.[0].length ?? 0;
  const open = text.charAt(at);
  if (open !== '(' && open !== '[') return undefined;
  const close = closingOf(text, at);
  return close === -1 ? undefined : { text: open === '(' ? '()' : '[]', end: close + 1 };
}

function nameAt(text: string, at: number): string | undefined {
  identifier.lastIndex = at;
  return identifier.exec(text)?.[0];
}

/** What stands in parentheses: a cast says the type, an awaited or plain expression itself. */
function innerOf(inner: string): string | undefined {
  const as = cast.exec(inner)?.[1];
  return as === undefined ? chainOf(inner) : `:${as}`;
}

/** Offset of the bracket that closes the one at an offset; -1 when there is none within reach. Strings are stepped over. */
function closingOf(text: string, open: number): number {
  const end = Math.min(text.length, open + maxExpression);
  let depth = 0;
  for (let at = open; at < end; at++) {
    const c = text.charAt(at);
    if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') {
      depth--;
      if (depth === 0) return at;
    } else if (c === '"' || c === "'" || c === '`') {
      at = stringEnd(text, at, end);
      if (at === -1) return -1;
    }
  }
  return -1;
}

function stringEnd(text: string, open: number, end: number): number {
  const quote = text.charAt(open);
  for (let at = open + 1; at < end; at++) {
    const c = text.charAt(at);
    if (c === '\\') at++;
    else if (c === quote) return at;
    // An apostrophe in a regular expression or comment: no string at all.
    else if (c === '\n' && quote !== '`') return open;
  }
  return quote === '`' ? -1 : open;
}

/** Types that say nothing but that what is in them comes later, may be missing, or may not be changed. */
const wrappers: ReadonlySet<string> = new Set([
  ...['Promise', 'Readonly', 'Partial', 'Required', 'NonNullable', 'Awaited', 'PromiseLike', 'Awaitable', 'Coroutine'],
  ...['Optional', 'Union', 'Final', 'ClassVar', 'Annotated', 'Type', 'type'],
]);
const nothing =
  /^(?:null|undefined|None|void|never|any|unknown|Any|object|string|number|boolean|str|int|float|bool|bytes)$/;

/**
 * The name of the class that a written type means: `Promise<pkg.Tree | undefined>` → `pkg.Tree`, `Optional["Tree"]` → `Tree`. Undefined for
 * what is no class: plain values, lists, functions. `typeof x` is `=x`, an expression.
 */
export function typeNameOf(written: string): string | undefined {
  let type = written.trim();
  for (let round = 0; round < 4; round++) {
    type = type.replace(/^["']|["']$/g, '').replace(/^(?:readonly|keyof|unique|asserts)\s+/, '');
    type = firstOf(type, '|') ?? '';
    const [, outer, inner] = /^([\p{L}\p{N}_$.]+)\s*[<[]([\s\S]*)[>\]]$/u.exec(type) ?? [];
    if (outer === undefined || inner === undefined || !wrappers.has(outer.replace(/^.*\./, ''))) break;
    type = firstOf(inner, ',') ?? '';
  }
  const [, of, name, rest] =
    /^(typeof\s+)?([\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*)\s*([\s\S]*)$/u.exec(type) ?? [];
  if (name === undefined || nothing.test(name) || /^(?:=>|is\b|extends\b)|\[\s*\]$/.test(rest ?? '')) return undefined;
  return of === undefined ? name : `=${name}`;
}

/** The first part between separators outside brackets that is not nothing. */
function firstOf(text: string, separator: string): string | undefined {
  return partsOf(text, separator).find((part) => !/^(?:null|undefined|None|void)$/.test(part));
}

/** The parts of a text between separators outside brackets; an arrow closes nothing and separates nothing. Empty parts are left out. */
export function partsOf(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const c = text.charAt(at);
    if (c === '<' || c === '[' || c === '(' || c === '{') depth++;
    else if ((c === '>' && text.charAt(at - 1) !== '=') || c === ']' || c === ')' || c === '}') depth--;
    if (at < text.length && (c !== separator || depth > 0 || (c === '=' && text.charAt(at + 1) === '>'))) continue;
    const part = text.slice(from, at).trim();
    if (part !== '') parts.push(part);
    from = at + 1;
  }
  return parts;
}

/** The return type that a signature writes: `f(a: A): B` (TypeScript), `def f(a) -> B` (Python); undefined without one. */
export function returnTypeIn(signature: string): string | undefined {
  const open = signature.indexOf('(');
  const close = open === -1 ? -1 : closingOf(signature, open);
  if (close === -1) return undefined;
  const written = /^\s*(?::|->)\s*([\s\S]+?)\s*(?:=>\s*)?:?\s*;?\s*$/.exec(signature.slice(close + 1))?.[1];
  return written === undefined ? undefined : written.replace(/^(?:this|Self)\b.*$/s, 'this');
}
