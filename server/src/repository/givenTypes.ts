import type { Candidate } from './bearers.ts';
import type { Callback } from './callbackNotes.ts';
import type { Site } from './callSite.ts';
import { typeNameOf } from './expressionText.ts';
import {
  aliasedType,
  declaredFunctionType,
  functionParameters,
  type Parameter,
  typeArguments,
  writtenFunction,
} from './functionTypes.ts';

/** A written type, and where it is to be read. */
interface WrittenType {
  readonly type: string;
  readonly site: Site;
}

/** What is asked of the index. */
export interface TypeLookUp {
  class(written: string, site: Site): Candidate | undefined;
  inside(symbol: Candidate): Site;
  signature(symbol: Candidate): string;
  /** How an interface is called: its parameters as written. */
  callSignature(symbol: Candidate): string | undefined;
}

/** Names for names. */
const maxHops = 4;

/** The class of what functions hand to the function that is one of their arguments: of overloads the first that says it. */
export function givenClass(
  functions: readonly Candidate[],
  { argument, parameter }: Callback,
  ask: TypeLookUp,
): Candidate | undefined {
  for (const each of functions) {
    const type = typeAt(writtenFunction(ask.signature(each)).parameters, argument);
    const found = type && parameterClass({ type, site: ask.inside(each) }, parameter, ask);
    if (found) return found;
  }
  return undefined;
}

/** The class of a parameter that the type of the function's variable tells: `const handle: Handler = (request) => …`. */
export function classByVariable(signature: string, name: string, site: Site, ask: TypeLookUp): Candidate | undefined {
  const declared = declaredFunctionType(signature);
  const place = declared?.parameters.findIndex((each) => each.name === name && each.type === '') ?? -1;
  return declared === undefined || place === -1 ? undefined : parameterClass({ type: declared.type, site }, place, ask);
}

/** The class of one parameter of a function type: written out, by an alias, or by an interface that can be called. */
function parameterClass(written: WrittenType, place: number, ask: TypeLookUp): Candidate | undefined {
  const found = rawParameterType(written, place, ask, 0);
  const name = found && typeNameOf(withoutGenerics(found));
  return !found || !name || name.startsWith('=') ? undefined : ask.class(name, found.site);
}

function rawParameterType(written: WrittenType, place: number, ask: TypeLookUp, hops: number): WrittenType | undefined {
  const { site } = written;
  const type = withoutGenerics(written);
  const own = functionParameters(type);
  if (own !== undefined) {
    const taken = typeAt(own, place);
    return taken === undefined ? undefined : { type: taken, site };
  }
  const name = typeNameOf(type);
  const named = name === undefined || hops >= maxHops ? undefined : ask.class(name, site);
  if (named?.kind !== 'interface') return undefined;
  const parameters = ask.callSignature(named);
  const meant = parameters === undefined ? aliasedType(ask.signature(named)) : `${parameters} => void`;
  if (meant === undefined) return undefined;
  const found = rawParameterType({ type: meant, site: ask.inside(named) }, place, ask, hops + 1);
  // `Listener<Message>`: what stands for the alias's own type parameter is said where it is named.
  const index =
    found === undefined ? -1 : [...writtenFunction(ask.signature(named)).generics.keys()].indexOf(found.type);
  const argument = index === -1 ? undefined : typeArguments(type)[index];
  return argument === undefined ? found : { type: argument, site };
}

/** A type parameter is no class of that name; what it extends stands for it, empty where it extends nothing. */
function withoutGenerics({ type, site }: WrittenType): string {
  for (const { signature } of site.scopes) {
    const bound = writtenFunction(signature).generics.get(type);
    if (bound !== undefined) return bound;
  }
  return type;
}

function typeAt(parameters: readonly Parameter[], place: number): string | undefined {
  const taken = parameters[place];
  // What is gathered at the end is a list of all that may come.
  return taken === undefined || taken.isRest || taken.type === '' ? undefined : taken.type;
}
