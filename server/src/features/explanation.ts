import { mendingCommand } from '../model/messages.ts';
import { commands, manageTrustCommand } from '../protocol.ts';
import type { ModelError } from '../types/errors.ts';
import type { ProviderId } from '../types/summary.ts';
import type { Blocked } from './gloss.ts';

const mendingTitles = {
  setApiKey: { title: 'Set API Key', command: commands.setApiKey },
  selectModel: { title: 'Select Model', command: commands.selectModel },
  showLog: { title: 'Show Log', command: commands.showLog },
  manageTrust: { title: 'Manage Workspace Trust', command: manageTrustCommand },
} as const;

/** What a person is told of a model's error: its message and the command that mends it. */
export function explanation(error: ModelError, provider: ProviderId): Blocked {
  const named = mendingCommand(error);
  // The editor's own models want no key: its message says where they are allowed.
  const mend = named === 'setApiKey' && provider === 'editor' ? 'selectModel' : named;
  return { message: error.message, ...(mend === undefined ? {} : { command: mendingTitles[mend] }) };
}
