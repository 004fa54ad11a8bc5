import { chainOf } from './expressionText.ts';

/** An expression of names and calls, taken apart. */
export interface ChainSteps {
  readonly isNew: boolean;
  /** The first name; `:Type` for a cast. */
  readonly head: string;
  /** `.name`, `()` and `[]`. */
  readonly steps: readonly string[];
}

/** Sources repeat their receivers: `self`, `this.store`, `os.path`. */
const maxRemembered = 5000;
const chains = new Map<string, ChainSteps>();
const receivers = new Map<string, ChainSteps | undefined>();

/** @param chain as `chainOf` reads it */
export function stepsOf(chain: string): ChainSteps {
  const known = chains.get(chain);
  if (known !== undefined) return known;
  const [, made, head = '', rest = ''] =
    /^(new )?(:?[^.([]*)([\s\S]*)$/.exec(chain.replace(/^super\(\)/, 'super')) ?? [];
  const taken = { isNew: made !== undefined, head, steps: rest.match(/\.[^.([]+|\(\)|\[\]/g) ?? [] };
  if (chains.size >= maxRemembered) chains.clear();
  chains.set(chain, taken);
  return taken;
}

/** What stands before a called name, as it is written; undefined when it is more than names and calls. */
export function receiverSteps(receiver: string): ChainSteps | undefined {
  if (receivers.has(receiver)) return receivers.get(receiver);
  const chain = chainOf(receiver);
  const taken = chain === undefined ? undefined : stepsOf(chain);
  if (receivers.size >= maxRemembered) receivers.clear();
  receivers.set(receiver, taken);
  return taken;
}

const properties = /\b(?:public|private|protected|readonly)\s+(?:readonly\s+)?([\w$#]+)\??\s*:\s*([^,)=]+)/g;
const heads = new Map<string, ReadonlyMap<string, string>>();

/** Types of the fields that a constructor's head declares: `constructor(private readonly store: Store)`. */
export function parameterProperties(signature: string): ReadonlyMap<string, string> {
  const known = heads.get(signature);
  if (known !== undefined) return known;
  const found = new Map<string, string>();
  for (const [, name = '', type = ''] of signature.matchAll(properties)) if (!found.has(name)) found.set(name, type);
  if (heads.size >= maxRemembered) heads.clear();
  heads.set(signature, found);
  return found;
}
