import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { findAssets } from '../assets.ts';
import { startLanguageServer } from '../languageServer.ts';
import { type Command, parseArguments, UsageError } from './arguments.ts';

export const lspCommand: Command = {
  usage: '--stdio',
  summary: 'serves any editor that speaks the Language Server Protocol, over standard input and output',
  run({ args, env }) {
    const { values } = parseArguments(args, { stdio: { type: 'boolean' }, clientProcessId: { type: 'string' } });
    if (values.stdio !== true) throw new UsageError('add --stdio: it speaks over standard input and output only.');
    const connection = createConnection(
      ProposedFeatures.all,
      new StreamMessageReader(process.stdin),
      new StreamMessageWriter(process.stdout),
    );
    startLanguageServer(connection, { assets: findAssets(import.meta.dirname), env });
    connection.listen();
    return new Promise((resolve) => {
      connection.onExit(() => resolve(0));
      process.stdin.once('close', () => resolve(0));
    });
  },
};
