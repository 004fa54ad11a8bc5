import { partsOf } from './expressionText.ts';

/** A parameter as a head or a function type writes it. */
export interface Parameter {
  readonly name: string;
  /** As written; empty without a type. */
  readonly type: string;
  readonly isRest: boolean;
}

/** A written function or type, taken apart. */
export interface WrittenFunction {
  readonly parameters: readonly Parameter[];
  /** Type parameters with what they extend (empty without a bound), in order. */
  readonly generics: ReadonlyMap<string, string>;
}

const maxRemembered = 5000;
const heads = new Map<string, WrittenFunction>();
const parameter =
  /^(?:(?:public|private|protected|readonly|override)\s+)*(\.\.\.)?([\p{L}_$][\p{L}\p{N}_$]*)\??\s*(?::\s*([\s\S]+))?$/u;

/** Parameters and type parameters of a symbol's head: `function each<T>(items: T[], use: (item: T) => void): void`. */
export function writtenFunction(signature: string): WrittenFunction {
  const known = heads.get(signature);
  if (known !== undefined) return known;
  const open = outsideAngles(signature, '(');
  const written = {
    parameters: open === -1 ? [] : parametersOf(signature.slice(open + 1, closingOf(signature, open))),
    generics: genericsOf(signature),
  };
  if (heads.size >= maxRemembered) heads.clear();
  heads.set(signature, written);
  return written;
}

/** The parameters of a list of them, without `this`, which nobody hands over. */
export function parametersOf(list: string): readonly Parameter[] {
  return partsOf(list, ',').flatMap((part) => {
    const [text = '', initial] = partsOf(part, '=');
    const [, rest, name = '', type = ''] = parameter.exec(text) ?? [];
    if (name === 'this' || (text === '' && initial === undefined)) return [];
    return [{ name, type: type.trim(), isRest: rest !== undefined }];
  });
}

/** Parameters of a function type, `(a: A, b?: B) => C`, also where it stands in parentheses or beside other types; undefined for other types. */
export function functionParameters(written: string): readonly Parameter[] | undefined {
  const type = written.trim().replace(/^(?:abstract\s+)?(?:new\s*(?=[(<]))?/, '');
  const open = outsideAngles(type, '(');
  if (open === 0 || (type.startsWith('<') && open > 0)) {
    const close = closingOf(type, open);
    if (/^\s*=>/.test(type.slice(close + 1))) return parametersOf(type.slice(open + 1, close));
    if (open === 0 && close === type.length - 1) return functionParameters(type.slice(1, close));
  }
  const parts = partsOf(type, '|');
  if (parts.length < 2) return undefined;
  for (const part of parts) {
    const found = functionParameters(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What stands behind the `=` of a type alias; undefined for other heads. */
export function aliasedType(signature: string): string | undefined {
  if (!/^(?:export\s+)?(?:declare\s+)?type\s/.test(signature)) return undefined;
  const equals = outsideAngles(signature, '=');
  return equals === -1
    ? undefined
    : signature
        .slice(equals + 1)
        .trim()
        .replace(/;$/, '');
}

/** A function that is the value of a variable with a type, and its own parameters: `const handle: Handler = (request) =>`. */
export function declaredFunctionType(
  signature: string,
): { readonly type: string; readonly parameters: readonly Parameter[] } | undefined {
  const [, type] = /^(?:[\w$]+\s+)*[\w$#]+[?!]?\s*:\s*([\s\S]+)$/.exec(partsOf(signature, '=')[0] ?? '') ?? [];
  const equals = type === undefined ? -1 : outsideAngles(signature, '=');
  if (type === undefined || equals === -1) return undefined;
  const [, list, only = ''] =
    /^(?:async\s+)?(?:function\s*\*?\s*[\w$]*\s*)?(?:\(([^()]*)\)|([\w$]+)\s*=>)/.exec(
      signature.slice(equals + 1).trim(),
    ) ?? [];
  return { type, parameters: parametersOf(list ?? only) };
}

/** Type arguments of a written type: `Listener<Event, Map<A, B>>` → `Event`, `Map<A, B>`. */
export function typeArguments(written: string): readonly string[] {
  const list = /^[\p{L}\p{N}_$.]+\s*<([\s\S]*)>$/u.exec(written.trim())?.[1];
  return list === undefined ? [] : partsOf(list, ',');
}

function genericsOf(signature: string): ReadonlyMap<string, string> {
  const generics = new Map<string, string>();
  const open = signature.indexOf('<');
  const round = signature.indexOf('(');
  if (open === -1 || (round !== -1 && round < open)) return generics;
  for (const part of partsOf(signature.slice(open + 1, closingOf(signature, open)), ',')) {
    const [, name = '', bound = ''] =
      /^(?:const\s+|in\s+|out\s+)*([\p{L}\p{N}_$]+)(?:\s+extends\s+([\s\S]+))?$/u.exec(partsOf(part, '=')[0] ?? '') ??
      [];
    if (name !== '') generics.set(name, bound);
  }
  return generics;
}

/** Offset of the first such character outside type parameters; -1 without one. */
function outsideAngles(text: string, wanted: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text.charAt(at);
    if (depth === 0 && c === wanted && !(c === '=' && text.charAt(at + 1) === '>')) return at;
    if (c === '<') depth++;
    else if (c === '>' && text.charAt(at - 1) !== '=') depth--;
  }
  return -1;
}

/** Offset of the bracket that closes the one at an offset; the end of the text where a long head was cut. */
function closingOf(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const c = text.charAt(at);
    if ('([{<'.includes(c)) depth++;
    else if (')]}'.includes(c) || (c === '>' && text.charAt(at - 1) !== '=')) depth--;
    if (depth === 0) return at;
  }
  return text.length;
}
