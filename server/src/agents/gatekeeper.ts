import { Gate } from '../model/gate.ts';
import { IgnoreRules } from '../repository/ignoreRules.ts';

/**
 * Says whether a text may be handed to an agent. Same gate as before a remote model: what an agent is given may end up anywhere. Ignore files
 * are read once per folder and process.
 */
export class Gatekeeper {
  readonly #ignore: readonly string[];
  readonly #gates = new Map<string, Gate>();

  /** @param ignore the setting `codegloss.ignore` */
  constructor(ignore: readonly string[]) {
    this.#ignore = ignore;
  }

  /** One line that says why not; undefined when it may. @param root absolute path of the folder that `path` is relative to */
  async refusal(root: string, path: string, text: string): Promise<string | undefined> {
    const block = await this.#gateOf(root).blockOfText(path, text);
    return block?.message;
  }

  #gateOf(root: string): Gate {
    const known = this.#gates.get(root);
    if (known !== undefined) return known;
    const rules = new IgnoreRules(root, this.#ignore);
    const gate = new Gate(
      { isTrusted: () => true, isIgnored: (path) => rules.isIgnored(path) },
      { name: 'the agent', isLoopback: false, isChosen: true, mayRunUnasked: false },
    );
    this.#gates.set(root, gate);
    return gate;
  }
}
