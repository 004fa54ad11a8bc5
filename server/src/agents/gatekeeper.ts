import { LRUCache } from 'lru-cache';
import { Gate } from '../model/gate.ts';
import type { AgentFolder, AgentPorts } from './agentPorts.ts';

/** Gates that are kept, one a folder; an editor rarely has more open. */
const maxFolders = 50;

/**
 * Says whether a text may be handed to an agent. Same gate as before a remote model: what an agent is given may end up anywhere.
 * @param isIgnored whether ignore files or the setting keep a path (relative to the folder) from models
 */
export function gatekeeper(isIgnored: (folder: AgentFolder, path: string) => boolean): AgentPorts['refusal'] {
  const gates = new LRUCache<string, Gate>({ max: maxFolders });
  return async (folder, path, text) => {
    const known = gates.get(folder.root);
    const gate =
      known ??
      new Gate(
        { isTrusted: () => true, isIgnored: (asked) => isIgnored(folder, asked) },
        { name: 'the agent', isLoopback: false, isChosen: true, mayRunUnasked: false },
      );
    if (known === undefined) gates.set(folder.root, gate);
    return (await gate.blockOfText(path, text))?.message;
  };
}
