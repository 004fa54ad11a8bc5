import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  anthropicComplaint,
  anthropicError,
  anthropicReply,
  anthropicWhole,
  cacheBlocks,
  formatOf,
} from './anthropicWire.ts';
import { type BatchScript, BatchServer } from './batchWire.ts';
import { type Behaviour, behaviourOf, type LoopbackRequest, type Script, type Wire } from './behaviour.ts';
import {
  type KnownFormats,
  openaiComplaint,
  openaiError,
  openaiPrompt,
  openaiReply,
  openaiWhole,
} from './openaiWire.ts';
import { type CacheLook, countTokens, PromptCache } from './promptCache.ts';

export type { LoopbackRequest, Script } from './behaviour.ts';

export interface LoopbackOptions {
  readonly anthropic?: Script;
  readonly openai?: Script;
  /** Formats that the OpenAI side accepts; both by default. */
  readonly formats?: KnownFormats;
  /** Models that `/v1/models` lists. */
  readonly models?: readonly string[];
  /** When set, any other key is answered with 401. */
  readonly key?: string;
  /** Shortest prefix that is cached, in tokens; what the model's provider documents when absent. */
  readonly leastCachedTokens?: number;
  /** The clock by which cached prefixes grow old, given the number of requests so far; the machine's by default. Milliseconds. */
  readonly cacheClock?: (requests: number) => number;
  /** Extra headers on every answer, such as `anthropic-ratelimit-requests-limit`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds between two chunks of a stream. */
  readonly chunkDelayMs?: number;
  /** How batches fare; they end at the first look by default. */
  readonly batches?: BatchScript;
}

export interface Loopback {
  /** `http://127.0.0.1:PORT`: the endpoint for Anthropic; add `/v1` for OpenAI. */
  readonly url: string;
  /** Requests that asked a model, in order of arrival; counting tokens and listing models are not among them. */
  readonly requests: readonly LoopbackRequest[];
  /** All paths that were asked for, in order. */
  readonly paths: readonly string[];
  /** Sizes of the batches that were submitted, in order. */
  readonly batchSizes: readonly number[];
  /** Resolves when so many model requests have arrived. */
  waitForRequests(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Largest request body in bytes. */
const largestBody = 20_000_000;

/** Starts a model server on this machine that speaks both wire formats and behaves as scripted. */
export async function startLoopback(options: LoopbackOptions = {}): Promise<Loopback> {
  const requests: LoopbackRequest[] = [];
  const paths: string[] = [];
  const arrivals = new Set<() => void>();
  const cache = new PromptCache({
    ...(options.leastCachedTokens === undefined ? {} : { leastTokens: options.leastCachedTokens }),
    now: () => options.cacheClock?.(requests.length) ?? Date.now(),
  });
  const counts = { anthropic: 0, openai: 0 };
  const batches = new BatchServer(options.batches ?? {}, answerWhole);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://loopback').pathname;
    paths.push(path);
    if (BatchServer.serves(path)) {
      if (!isAuthorized(request, options.key)) return sendError(response, 'anthropic', 401, 'invalid x-api-key');
      return batches.handle(request, response, path);
    }
    const body = await readBody(request);
    for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value);
    response.setHeader('request-id', 'req_loopback');
    const wire: Wire = path.startsWith('/v1/messages') ? 'anthropic' : 'openai';
    if (!isAuthorized(request, options.key)) return sendError(response, wire, 401, 'invalid x-api-key');
    if (path === '/v1/models') return sendJson(response, 200, modelList(options.models ?? ['loopback-model']));
    if (path === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: inputOf(body ?? {}) });
    if (body === null || (path !== '/v1/messages' && path !== '/v1/chat/completions')) {
      return sendError(response, wire, 404, `no such endpoint: ${path}`);
    }
    const seen = record(request, response, wire, path, body);
    const complaint =
      wire === 'anthropic'
        ? anthropicComplaint(body)
        : openaiComplaint(body, options.formats ?? ['json_schema', 'json_object']);
    if (complaint !== undefined) return sendError(response, wire, 400, complaint);
    const behaviour = behaviourOf(wire === 'anthropic' ? options.anthropic : options.openai, seen, counts[wire]);
    counts[wire] += 1;
    await act(response, seen, behaviour, body);
  }

  /** A request of a batch, answered as a whole and recorded like any other. */
  function answerWhole(wire: Wire, body: Readonly<Record<string, unknown>>): unknown {
    const seen = seenOf(wire, `/v1/${wire === 'anthropic' ? 'messages' : 'chat/completions'}`, {}, body);
    note(seen);
    const behaviour = behaviourOf(wire === 'anthropic' ? options.anthropic : options.openai, seen, counts[wire]);
    counts[wire] += 1;
    const { input, begin } = lookFor(seen, body);
    begin();
    return (wire === 'anthropic' ? anthropicWhole : openaiWhole)({ ...seen, body }, behaviour, input);
  }

  function lookFor(seen: LoopbackRequest, body: Readonly<Record<string, unknown>>): CacheLook {
    return seen.wire === 'anthropic'
      ? cache.atBreakpoints(seen.model, formatOf(body), cacheBlocks(body))
      : cache.byLongestPrefix(seen.model, seen.prompt);
  }

  function record(
    request: IncomingMessage,
    response: ServerResponse,
    wire: Wire,
    path: string,
    body: Readonly<Record<string, unknown>>,
  ): LoopbackRequest {
    const seen = seenOf(wire, path, request.headers, body);
    response.on('close', () => {
      if (!response.writableFinished) seen.abandoned = true;
    });
    note(seen);
    return seen;
  }

  function note(seen: LoopbackRequest): void {
    requests.push(seen);
    for (const arrived of arrivals) arrived();
  }

  async function act(
    response: ServerResponse,
    seen: LoopbackRequest,
    behaviour: Behaviour,
    body: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    if (behaviour.kind === 'status') {
      if (behaviour.retryAfterSeconds !== undefined)
        response.setHeader('retry-after', String(behaviour.retryAfterSeconds));
      return sendError(response, seen.wire, behaviour.status, behaviour.message ?? 'Loopback says no.', behaviour.code);
    }
    const { input, begin } = lookFor(seen, body);
    if (behaviour.kind === 'answer') await Promise.all([pause(behaviour.delayMs ?? 0), behaviour.until]);
    if (behaviour.kind !== 'stall' || behaviour.afterChunks > 0) begin();
    const isAnthropic = seen.wire === 'anthropic';
    if (body['stream'] !== true) {
      if (behaviour.kind === 'cut') return void response.destroy();
      if (behaviour.kind === 'stall') return;
      return sendJson(response, 200, (isAnthropic ? anthropicWhole : openaiWhole)({ ...seen, body }, behaviour, input));
    }
    const reply = (isAnthropic ? anthropicReply : openaiReply)({ ...seen, body }, behaviour, input);
    await stream(response, reply.chunks, behaviour);
  }

  async function stream(response: ServerResponse, chunks: readonly string[], behaviour: Behaviour): Promise<void> {
    const ends = behaviour.kind === 'stall' || behaviour.kind === 'cut' ? behaviour.afterChunks : chunks.length;
    if (behaviour.kind === 'stall' && ends === 0) return;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.flushHeaders();
    if (behaviour.kind === 'brokenWire') return void response.end('event: message_start\ndata: {not json\n\n');
    for (const chunk of chunks.slice(0, ends)) {
      if (response.destroyed) return;
      response.write(chunk);
      if ((options.chunkDelayMs ?? 0) > 0) await pause(options.chunkDelayMs ?? 0);
    }
    if (behaviour.kind === 'cut') {
      // Give what was written a turn to leave, so that the client sees a broken stream and not a failed connection.
      await new Promise<void>((resolve) => response.write(':\n\n', () => setImmediate(resolve)));
      response.destroy();
    } else if (behaviour.kind !== 'stall') response.end();
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { error: String(error) });
      else response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    paths,
    get batchSizes() {
      return batches.sizes;
    },
    waitForRequests: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (requests.length < count) return;
          arrivals.delete(check);
          resolve();
        };
        arrivals.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function seenOf(
  wire: Wire,
  path: string,
  headers: IncomingMessage['headers'],
  body: Readonly<Record<string, unknown>>,
): LoopbackRequest & { abandoned: boolean } {
  const prompt =
    wire === 'anthropic'
      ? cacheBlocks(body)
          .map((block) => block.text)
          .join('\n\n')
      : openaiPrompt(body);
  return { wire, path, headers, body, prompt, model: String(body['model'] ?? ''), abandoned: false };
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > largestBody) throw new Error('request body too large');
    parts.push(part);
  }
  return bytes === 0 ? null : (JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>);
}

function isAuthorized(request: IncomingMessage, key: string | undefined): boolean {
  return key === undefined || request.headers.authorization === `Bearer ${key}`;
}

function inputOf(body: Readonly<Record<string, unknown>>): number {
  return cacheBlocks(body).reduce((sum, block) => sum + countTokens(block.text), 0);
}

function modelList(models: readonly string[]): unknown {
  const data = models.map((id) => ({ id, object: 'model', created: 1_700_000_000, owned_by: 'loopback' }));
  return { object: 'list', data };
}

function sendError(response: ServerResponse, wire: Wire, status: number, message: string, code?: string): void {
  sendJson(
    response,
    status,
    wire === 'anthropic' ? anthropicError(status, message) : openaiError(status, message, code),
  );
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
