import type { Produced, ProduceRequest, Producer } from '../../../server/src/types/produce.ts';

export const testStyle = { language: '', length: 'medium', instructions: '' } as const;

/** Answers every request with a true sentence and remembers what it was asked, unless the test answers itself. */
export class RecordingProducer implements Producer {
  identity = { provider: 'anthropic', model: 'recording' } as Producer['identity'];
  readonly local = false;
  readonly requests: ProduceRequest[] = [];
  answer: (request: ProduceRequest) => string = () =>
    JSON.stringify({
      line: `Does its work, version ${this.requests.length}.`,
      paragraph: 'It does what its source says.',
      claims: [{ text: 'It starts here.', startLine: 1, endLine: 1 }],
    });

  async produce(request: ProduceRequest, signal: AbortSignal): Promise<Produced> {
    signal.throwIfAborted();
    this.requests.push(request);
    return {
      kind: 'json',
      text: this.answer(request),
      producer: this.identity,
      usage: { input: 100, cached: 0, output: 10, cost: 0.001 },
    };
  }

  /** Names of what was asked since the last call; the file is `file`. */
  asked(): readonly string[] {
    return this.requests.splice(0).map((request) => request.subject.symbol?.name ?? 'file');
  }
}
