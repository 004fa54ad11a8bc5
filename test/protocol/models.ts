import type { InitializationOptions } from '../../server/src/protocol.ts';
import type { Behaviour } from '../loopback/behaviour.ts';
import { type Loopback, type LoopbackOptions, startLoopback } from '../loopback/server.ts';
import { type ClientOptions, type LanguageClient, startClient } from './languageClient.ts';

/** A client that says it is ours, so that links, status, keys and late comments work. */
export const ours: InitializationOptions = { isOurClient: true, trusted: true };

/**
 * Settings for a model on another machine, as far as CodeGloss can tell: the loopback server under an address that names no loopback, so
 * that nothing is sent unasked.
 */
export function hosted(server: Loopback, more: Record<string, unknown> = {}): Record<string, unknown> {
  const prices = { 'loopback-model': { input: 1, output: 5 } };
  return { provider: 'openai', model: 'loopback-model', prices, endpoint: `${remoteUrl(server)}/v1`, ...more };
}

export function remoteUrl({ url }: Loopback): string {
  return url.replace('127.0.0.1', '0.0.0.0');
}

/** Something that a test waits with until it is time. */
export function openLater(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** A stall before the first byte, for ever. */
export const stalled: Behaviour = { kind: 'stall', afterChunks: 0 };

/** Runs a test with one client (and one model server), both ended afterwards whatever happens. */
export async function withClient(
  options: ClientOptions,
  test: (client: LanguageClient) => Promise<void>,
): Promise<void> {
  const client = await startClient(options);
  try {
    await test(client);
  } finally {
    await client.stop();
  }
}

export async function withModel(
  model: LoopbackOptions,
  options: Omit<ClientOptions, 'settings'> & { readonly settings?: Record<string, unknown> },
  test: (client: LanguageClient, server: Loopback) => Promise<void>,
): Promise<void> {
  const server = await startLoopback(model);
  try {
    const { settings, ...rest } = options;
    await withClient(
      {
        initializationOptions: ours,
        answers: { 'codegloss/apiKey': () => ({ key: 'for-tests' }) },
        ...rest,
        settings: hosted(server, settings),
      },
      (client) => test(client, server),
    );
  } finally {
    await server.close().catch(() => undefined);
  }
}

export const summarize = 'codegloss/summarize';

/** A function whose summary a model has to write: no doc comment, more than one line. */
export const cart = `export function total(prices: number[]): number {
  let sum = 0;
  for (const price of prices) sum += price;
  return sum;
}

/** Gives back the cheapest price. It fails for none. */
export function cheapest(prices: number[]): number {
  return Math.min(...prices);
}
`;

/** Where `total` and `cheapest` stand in `cart`. */
export const onTotal = { line: 0, character: 18 };
export const onCheapest = { line: 7, character: 18 };
