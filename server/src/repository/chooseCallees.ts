import path from 'node:path';

/** A symbol that bears the name that is called. */
export interface Candidate {
  readonly symbol: number;
  readonly kind: string;
  readonly parent: number | undefined;
  /** The symbol around it. */
  readonly owner: { readonly name: string; readonly kind: string } | undefined;
  readonly file: number;
  readonly path: string;
  readonly language: string;
}

/** A call with what its syntax and its file say about who is meant. */
export interface CalledName {
  /** What stands before the name; empty for a bare name. */
  readonly receiver: string;
  readonly file: number;
  readonly path: string;
  readonly language: string;
  /** As written in the file. */
  readonly imports: readonly string[];
  /** The symbols around the call, innermost first. */
  readonly scopes: readonly Scope[];
}

interface Scope {
  readonly symbol: number;
  readonly kind: string;
  readonly name: string;
  readonly bases: () => readonly string[];
}

export interface Callee {
  readonly symbol: number;
  /** 0–1: how sure the syntax makes us. */
  readonly confidence: number;
}

/** Of a name that nothing but itself points to, so many bearers are kept. */
const maxGuesses = 4;

const classKinds = new Set(['class', 'interface', 'struct', 'enum', 'object', 'module', 'namespace']);
const notCalled = new Set(['field', 'enum', 'typeparameter', 'package', 'namespace']);
const selfNames = new Set(['this', 'self', 'cls', '$this', 'Self', '@self']);
const superNames = /^(super|super\(.*\)|base|parent)$/;
const families = [
  ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'],
  ['c', 'cpp'],
  ['java', 'kotlin', 'scala'],
] as const;

/**
 * Who is called, from the surest sign to the weakest: the scopes around the call, the class that the receiver names, what the file imports,
 * the same folder, and at last a name that few symbols bear.
 */
export function chooseCallees(call: CalledName, all: readonly Candidate[]): readonly Callee[] {
  const candidates = all.filter(({ kind, language }) => !notCalled.has(kind) && isSameFamily(language, call.language));
  if (candidates.length === 0) return [];
  const sure = call.receiver === '' ? byScope(call, candidates) : byReceiver(call, candidates);
  if (sure !== undefined) return [sure];
  const imported = candidates.filter((each) => call.imports.some((name) => isImport(name, call.path, each.path)));
  if (imported.length > 0) return share(imported, call.receiver === '' ? 0.9 : 0.8);
  const near = candidates.filter((each) => isNear(call, each));
  if (near.length > 0) return share(near, 0.7);
  return share(candidates, 0.6);
}

/** A bare name: a symbol in a scope around the call, a member of the class around it, a symbol of the file. */
function byScope(call: CalledName, candidates: readonly Candidate[]): Callee | undefined {
  for (const scope of call.scopes) {
    const inScope = candidates.find(({ parent }) => parent === scope.symbol);
    if (inScope !== undefined) return { symbol: inScope.symbol, confidence: 0.95 };
  }
  const topLevel = candidates.find(({ file, parent }) => file === call.file && parent === undefined);
  if (topLevel !== undefined) return { symbol: topLevel.symbol, confidence: 0.95 };
  const inherited = byBases(call, candidates);
  if (inherited !== undefined) return inherited;
  const inFile = candidates.filter(({ file }) => file === call.file);
  const [only] = inFile;
  return only === undefined || inFile.length > 1 ? undefined : { symbol: only.symbol, confidence: 0.8 };
}

function byReceiver(call: CalledName, candidates: readonly Candidate[]): Callee | undefined {
  const own = call.scopes.find(({ kind }) => classKinds.has(kind));
  if (selfNames.has(call.receiver)) {
    const member = own && candidates.find(({ parent }) => parent === own.symbol);
    return member === undefined ? byBases(call, candidates) : { symbol: member.symbol, confidence: 0.95 };
  }
  if (superNames.test(call.receiver)) return byBases(call, candidates);
  const named = nameOf(call.receiver);
  const owned = candidates.filter(({ owner, path: file }) => owner?.name === named || stemOf(file) === named);
  const best = owned.find(({ file }) => file === call.file) ?? (owned.length === 1 ? owned[0] : undefined);
  return best === undefined ? undefined : { symbol: best.symbol, confidence: 0.9 };
}

function byBases(call: CalledName, candidates: readonly Candidate[]): Callee | undefined {
  const own = call.scopes.find(({ kind }) => classKinds.has(kind));
  const bases = new Set(own?.bases().map(nameOf));
  const inherited = candidates.filter(({ owner }) => owner !== undefined && bases.has(owner.name));
  const best = inherited.find(({ file }) => file === call.file) ?? inherited[0];
  return best === undefined ? undefined : { symbol: best.symbol, confidence: 0.85 };
}

/** Beyond file and imports a bare name means no member of a class, and a call on an object no function at the top of a file. */
function isNear(call: CalledName, candidate: Candidate): boolean {
  if (path.posix.dirname(call.path) !== path.posix.dirname(candidate.path)) return false;
  const isMember = candidate.owner !== undefined && classKinds.has(candidate.owner.kind);
  return isMember === (call.receiver !== '');
}

function share(candidates: readonly Candidate[], confidence: number): readonly Callee[] {
  if (candidates.length > maxGuesses) return [];
  return candidates.map(({ symbol }) => ({ symbol, confidence: confidence / candidates.length }));
}

/** `new pkg.Widget(1)` → Widget: the last name of a receiver or base, without arguments and type parameters. */
function nameOf(written: string): string {
  const bare = written.replace(/^new\s+/, '').replace(/[<([].*$/, '');
  return /[\p{L}\p{N}_$%@#]+$/u.exec(bare)?.[0] ?? bare;
}

function stemOf(file: string): string {
  return path.posix.basename(file).replace(/\.[^.]*$/, '');
}

/** True when an import as it is written may mean the file: relative paths are followed, others held against the end of its path. */
function isImport(written: string, from: string, file: string): boolean {
  const target = withoutEnding(file);
  if (/^\.{1,2}\//.test(written)) {
    const wanted = withoutEnding(path.posix.join(path.posix.dirname(from), written));
    return target === wanted || target === `${wanted}/index`;
  }
  const parts = withoutEnding(written)
    .split(/[./\\:]+/)
    .filter((part) => part !== '' && part !== '*');
  if (parts.length === 0) return false;
  const tail = `/${parts.join('/')}`;
  return (
    `/${target}`.endsWith(tail) ||
    `/${target}`.endsWith(`${tail}/__init__`) ||
    `/${path.posix.dirname(file)}`.endsWith(tail)
  );
}

const endings =
  /\.(d\.ts|[mc]?[jt]sx?|py|java|h|hh|hpp|hxx|c|cc|cpp|cxx|cs|go|rs|rb|php|kt|scala|swift|sh|lua|inc|mac|cpy|copy|s|asm|m|int)$/i;

function withoutEnding(file: string): string {
  return file.replace(endings, '');
}

function isSameFamily(a: string, b: string): boolean {
  if (a === b) return true;
  return families.some((family) => family.some((id) => id === a) && family.some((id) => id === b));
}
