import type { LanguageId } from '../../types/outline.ts';
import { listOf } from './words.ts';

/** What the text of a legacy routine shows beside its calls, as verbs in the third person with their objects; true by the words alone. */
export function sourceClauses(source: string, language: LanguageId): readonly string[] {
  if (language === 'mumps') return mumpsClauses(source);
  return language === 'hlasm' ? hlasmClauses(source) : [];
}

/** Globals, and input and output. Strings and comments are taken out first; a subscript holds no assignment. */
function mumpsClauses(source: string): readonly string[] {
  const plain = source.replace(/"(?:[^"\r\n]|"")*"/g, '""').replace(/;.*/g, '');
  const set = new Set<string>();
  const killed = new Set<string>();
  const read = new Set<string>();
  for (const match of plain.matchAll(/(?<![\w$%)])\^(%?[A-Za-z]\w*)\(/g)) {
    const name = `^${match[1]}`;
    const end = closing(plain, match.index + match[0].length);
    if (/(?:^|[\s.])K(?:ILL)?(?::\S+)?\s+(?:\S*,)?$/i.test(plain.slice(Math.max(0, match.index - 60), match.index)))
      killed.add(name);
    else (plain.charAt(end) === '=' && isTarget(plain, match.index) ? set : read).add(name);
  }
  return [
    list('sets', set),
    list('kills', killed),
    list('reads', read),
    /(?:^|[\s.])R(?:EAD)?(?::\S+)?[ ][^ \r\n]/im.test(plain) ? 'asks at the device' : '',
    /(?:^|[\s.])W(?:RITE)?(?::\S+)?[ ][^ \r\n]/im.test(plain) ? 'writes to the device' : '',
  ].filter((clause) => clause !== '');
}

/** Whether the command before a place is a SET whose argument begins there: no blank stands in an argument. */
function isTarget(plain: string, place: number): boolean {
  const before = plain.slice(Math.max(0, place - 200), place);
  return /(?:^|[\s.])S(?:ET)?(?::[^\s]+)?[ ](?:[^ \r\n]*,)?$/i.test(before);
}

/** Offset behind the parenthesis that closes the one before `start`. */
function closing(plain: string, start: number): number {
  let depth = 1;
  for (let at = start; at < plain.length && plain.charAt(at) !== '\n'; at++) {
    if (plain.charAt(at) === '(') depth++;
    else if (plain.charAt(at) === ')' && --depth === 0) return at + 1;
  }
  return plain.length;
}

function hlasmClauses(source: string): readonly string[] {
  const verbs = new Set<string>();
  for (const [, system = '', verb = ''] of source.matchAll(/^(?!\*)\S*[ \t]+EXEC[ \t]+(CICS|SQL|DLI)[ \t]+([A-Z]+)/gim))
    verbs.add(`EXEC ${system.toUpperCase()} ${verb.toUpperCase()}`);
  return [list('issues', verbs)].filter((clause) => clause !== '');
}

const mostNames = 3;

function list(verb: string, names: ReadonlySet<string>): string {
  return names.size === 0 ? '' : `${verb} ${listOf([...names], mostNames)}`;
}
