/** Words that start a name as its verb in any code. */
const verbs = `
abort accept access acquire activate adapt add adjust advance align allocate allow analyze announce answer append apply approve
archive arrange ask assert assign attach authenticate authorize await backup batch begin bind block boot bootstrap broadcast build bump
calculate call cancel capitalize capture cast change charge check choose clamp classify clean clear click clone close collapse collect
combine commit compare compile complete compose compress compute concat concatenate configure confirm connect construct consume convert
copy correct count create crop cut deactivate debounce decode decompress decorate decrement decrypt deduplicate define delegate delete
deliver deploy derive describe deserialize destroy detach detect determine dial disable discard disconnect dispatch display dispose
distribute divide download draw drop dump duplicate edit emit enable encode encrypt end enforce enqueue ensure enter enumerate erase
escape establish estimate evaluate evict examine exclude execute exit expand expect export extend extract fail fetch fill filter finalize
find finish fire fit fix flatten flip flush fold follow force forget fork format forward free freeze generate get give grab grant group
guess halt handle hash hide highlight hydrate identify ignore import include increment indent infer inform initialize inject insert
inspect install instantiate intercept interpolate interpret intersect invalidate inverse invert invoke issue iterate join keep kill launch
leave link list listen load locate lock log lookup lower make manage map mark mask match measure merge migrate minify mock modify monitor
mount move multiply mutate navigate negate normalize notify obtain observe open optimize order overwrite override pack pad paint parse
partition paste patch pause peek perform persist pick place plan play poll pop populate post prepare prepend present preserve prevent
print process produce prompt propagate protect prove provide prune publish pull purge push put query queue quit quote raise read rebuild
receive recompute reconcile record recover redirect redraw reduce refresh register reject release reload remove rename render renew
reopen repair repeat replace reply report request require reserve reset resize resolve respond restart restore restrict resume retain
retrieve retry return reverse revert revoke rewrite roll rotate round route run sanitize save scale scan schedule scroll search seek
select send serialize serve set setup share shift show shrink shuffle shut sign simplify skip sleep slice sort spawn split start stop
store stream strip submit subscribe substitute subtract sum summarize suspend swap switch sync synchronize tag take tear terminate
throttle throw toggle tokenize touch trace track train transform translate transpose traverse trigger trim truncate try turn unbind
undo uninstall unlink unload unlock unmount unpack unregister unsubscribe unwrap update upgrade upload use validate verify visit wait walk
warn watch wrap write yield zip
`;

/** Of these, the ones that are as often nouns: they are verbs only where the function gives nothing back, or has a parameter to act on. */
const doubtful = new Set(
  `access batch block cast change charge click count copy cut dial dump end exit fire fit fold format group hash issue link list lock log
   lookup map mark mask match measure mock order pad patch place plan post process query queue quote record report request return reverse
   round route scale search share shift sign slice sort split start stop store stream sum switch tag test trace track trigger turn update
   use view watch zip filter backup setup import export repeat present display`.split(/\s+/),
);

const known = new Set(verbs.split(/\s+/).filter((word) => word !== ''));

const shortForms: Readonly<Record<string, string>> = {
  init: 'initialize',
  del: 'delete',
  rm: 'remove',
  calc: 'calculate',
  gen: 'generate',
  alloc: 'allocate',
  dealloc: 'free',
  cmp: 'compare',
  exec: 'execute',
  eval: 'evaluate',
  recv: 'receive',
  auth: 'authenticate',
  fmt: 'format',
  upd: 'update',
  dec: 'decrement',
  inc: 'increment',
};

/** Verbs that a method without an object does to its own instance. */
const reflexive = new Set(
  `abort activate advance begin bind boot cancel check clean clear close commit compile connect configure deactivate destroy disable
   disconnect dispose enable end execute finalize finish flush format free freeze hide initialize invalidate launch load lock mount
   normalize open pause persist prepare print process refresh register release reload render reset restart restore resume run save serialize
   setup show shut start stop submit suspend sync terminate toggle unload unlock unmount unregister update validate verify`.split(
    /\s+/,
  ),
);

/** Verbs that do nothing to their parameter: `wait(ms)` does not wait the milliseconds, `reset(now)` may set something else to it. */
const intransitive = new Set(
  `abort await begin bind call cancel change check compare connect crash delegate exit fail finish fit follow guess halt handle iterate
   leave listen look lookup match move navigate pause peek poll proceed query quit react recover register reset rotate run scroll search seek
   sleep start stop subscribe switch sync terminate throw try turn update use wait walk warn yield`.split(/\s+/),
);

/** The full verb behind the first word of a name (lower case), or undefined when it is none. */
export function verbOf(word: string): string | undefined {
  if (Object.hasOwn(shortForms, word)) return shortForms[word];
  return known.has(word) ? word : undefined;
}

/** Whether the word is a noun as often as a verb. */
export function isDoubtful(verb: string): boolean {
  return doubtful.has(verb);
}

/** Whether the verb, said of a method without parameters, means its own object. */
export function isReflexive(verb: string): boolean {
  return reflexive.has(verb);
}

/** Whether a single parameter is what the verb is done to. */
export function isTransitive(verb: string): boolean {
  return !intransitive.has(verb);
}

/** Whether a sentence starts with one of our verbs in the third person: then a name before it makes it a sentence about that name. */
export function startsWithVerb(sentence: string): boolean {
  const first = /^[A-Z][a-z]+(?=[ ,;.])/.exec(sentence)?.[0].toLowerCase() ?? '';
  return thirdPersons.has(first);
}

/** Third person: `parse` → `parses`, `try` → `tries`, `push` → `pushes`, `set` → `sets`. */
export function thirdPerson(verb: string): string {
  if (verb === 'setup') return 'sets up';
  if (verb === 'shut') return 'shuts down';
  if (verb === 'tear') return 'tears down';
  if (verb === 'lookup') return 'looks up';
  if (verb === 'backup') return 'backs up';
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`;
  if (verb === 'quit') return 'quits';
  return /(?:s|x|z|ch|sh|o)$/.test(verb) ? `${verb}es` : `${verb}s`;
}

const thirdPersons = new Set([
  ...[...known].map(thirdPerson),
  ...Object.values(shortForms).map(thirdPerson),
  'is',
  'gives',
  'tells',
  'tests',
]);
