import type { IncomingMessage, ServerResponse } from 'node:http';

/** What becomes of one request of a batch. */
export type BatchFate = 'answered' | 'expired' | 'errored';

export interface BatchScript {
  /** Looks at a batch that find it still running. */
  readonly runningLooks?: number;
  /** By the number of the request over all batches, from 0; answered by default. */
  readonly fate?: (index: number) => BatchFate;
  /** Batches, by number from 0, whose submission breaks off after the server has taken them. */
  readonly breakOff?: (batch: number) => boolean;
  /** Whether the list of batches cannot be read at this moment: the connection breaks. */
  readonly isListAway?: () => boolean;
}

/** Answers one request of a batch as the live API would; records it. */
export type AnswerWhole = (wire: 'anthropic' | 'openai', body: Readonly<Record<string, unknown>>) => unknown;

interface Item {
  readonly id: string;
  readonly fate: BatchFate;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Batch {
  readonly id: string;
  readonly wire: 'anthropic' | 'openai';
  readonly items: readonly Item[];
  readonly createdAt: number;
  looks: number;
  /** Made once, when the batch ends: a second fetch costs nothing. */
  output?: string;
}

/** Batches of both wire formats: submitted, looked at, fetched. */
export class BatchServer {
  readonly #script: BatchScript;
  readonly #answer: AnswerWhole;
  readonly #batches = new Map<string, Batch>();
  readonly #files = new Map<string, string>();
  #items = 0;

  constructor(script: BatchScript, answer: AnswerWhole) {
    this.#script = script;
    this.#answer = answer;
  }

  static serves(path: string): boolean {
    return /^\/v1\/(?:messages\/batches|batches|files)(?:\/|$)/.test(path);
  }

  /** Sizes of the batches that were submitted, in order. */
  get sizes(): readonly number[] {
    return [...this.#batches.values()].map(({ items }) => items.length);
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const parts = path.split('/').slice(2);
    const wire = parts[0] === 'messages' ? 'anthropic' : 'openai';
    const [kind, id, detail] = wire === 'anthropic' ? parts.slice(1) : parts;
    if (request.method === 'POST') {
      const text = await textOf(request);
      if (kind === 'files') return send(response, { id: this.#keep(linesOf(text)), object: 'file', purpose: 'batch' });
      return this.#submit(response, wire, JSON.parse(text) as Record<string, unknown>);
    }
    if (kind === 'files') return sendText(response, this.#files.get(id ?? ''));
    if (id === undefined && this.#script.isListAway?.() === true) return void response.destroy();
    if (id === undefined)
      return send(response, {
        object: 'list',
        data: [...this.#batches.values()].filter((each) => each.wire === wire).map(shown),
        has_more: false,
      });
    const batch = this.#batches.get(id);
    if (batch === undefined) return send(response, notFound(wire), 404);
    if (detail === 'results') return sendText(response, this.#output(batch));
    batch.looks++;
    send(response, { ...shown(batch), ...this.#state(batch) });
  }

  #submit(response: ServerResponse, wire: Batch['wire'], body: Readonly<Record<string, unknown>>): void {
    const requests =
      wire === 'anthropic'
        ? (body['requests'] as { custom_id: string; params: Record<string, unknown> }[]).map(
            ({ custom_id, params }) => ({ id: custom_id, body: params }),
          )
        : (this.#files.get(String(body['input_file_id'])) ?? '')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as { custom_id: string; body: Record<string, unknown> })
            .map((each) => ({ id: each.custom_id, body: each.body }));
    if (requests.some(({ id }) => !/^[a-zA-Z0-9_-]{1,64}$/.test(id)))
      return void send(response, { error: { type: 'invalid_request_error', message: 'custom_id' } }, 400);
    const number = this.#batches.size;
    const batch: Batch = {
      id: `batch_${number}`,
      wire,
      items: requests.map((each) => ({ ...each, fate: this.#script.fate?.(this.#items++) ?? 'answered' })),
      createdAt: Date.now(),
      looks: 0,
    };
    this.#batches.set(batch.id, batch);
    if (this.#script.breakOff?.(number) === true) response.destroy();
    else send(response, shown(batch));
  }

  #isOver(batch: Batch): boolean {
    return batch.looks > (this.#script.runningLooks ?? 0);
  }

  #state(batch: Batch): Record<string, unknown> {
    const isOver = this.#isOver(batch);
    if (batch.wire === 'anthropic') return { processing_status: isOver ? 'ended' : 'in_progress' };
    if (!isOver) return { status: 'in_progress' };
    return { status: 'completed', output_file_id: this.#keep(this.#output(batch)) };
  }

  #output(batch: Batch): string {
    batch.output ??= batch.items
      .flatMap((item) => {
        const line = batch.wire === 'anthropic' ? this.#anthropicLine(item) : this.#openaiLine(item);
        return line === undefined ? [] : [`${JSON.stringify(line)}\n`];
      })
      // In no order that a client could rely on.
      .reverse()
      .join('');
    return batch.output;
  }

  #anthropicLine({ id, fate, body }: Item): unknown {
    const error = { type: 'error', error: { type: 'api_error', message: 'Loopback says no.' } };
    const result =
      fate === 'expired'
        ? { type: 'expired' }
        : fate === 'errored'
          ? { type: 'errored', error }
          : { type: 'succeeded', message: this.#answer('anthropic', body) };
    return { custom_id: id, result };
  }

  /** What expired is in no file. */
  #openaiLine({ id, fate, body }: Item): unknown {
    if (fate === 'expired') return undefined;
    const failed = { status_code: 500, body: {} };
    return {
      id: `r_${id}`,
      custom_id: id,
      error: null,
      response: fate === 'errored' ? failed : { status_code: 200, body: this.#answer('openai', body) },
    };
  }

  #keep(text: string): string {
    const id = `file_${this.#files.size}`;
    this.#files.set(id, text);
    return id;
  }
}

function shown({ id, wire, items, createdAt }: Batch): Record<string, unknown> {
  if (wire === 'openai')
    return {
      id,
      object: 'batch',
      status: 'in_progress',
      created_at: Math.floor(createdAt / 1000),
      request_counts: { total: items.length, completed: 0, failed: 0 },
    };
  return {
    id,
    type: 'message_batch',
    processing_status: 'in_progress',
    created_at: new Date(createdAt).toISOString(),
    request_counts: { processing: items.length, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
    // Relative in the real answer, too, for who stands behind a gateway.
    results_url: `/v1/messages/batches/${id}/results`,
  };
}

function notFound(wire: Batch['wire']): unknown {
  const error = { type: 'not_found_error', message: 'no such batch' };
  return wire === 'anthropic' ? { type: 'error', error } : { error };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** The lines of JSON in an uploaded form. */
function linesOf(form: string): string {
  return form
    .split(/\r?\n/)
    .filter((line) => line.startsWith('{'))
    .join('\n');
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendText(response: ServerResponse, text: string | undefined): void {
  response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/x-jsonl' });
  response.end(text ?? '');
}
