import type { Behaviour, LoopbackRequest } from '../../loopback/behaviour.ts';

const words = 'reads the given input and checks it before it is used so that callers can rely on what comes back'.split(
  ' ',
);

/** A sentence of so many words that names nothing. */
function sentence(count: number): string {
  return `${Array.from({ length: count }, (_, index) => words[index % words.length]).join(' ')}.`;
}

/**
 * A model that does what the prompt asks: a line of at most 15 words, 40 to 90 words of prose, 2 to 5 claims. Sizes follow from the prompt's
 * length, so that they vary and are the same each time.
 */
export function honestAnswer(request: LoopbackRequest): Behaviour {
  const { length } = request.prompt;
  const claims = Array.from({ length: 2 + (length % 4) }, () => ({
    text: sentence(8 + (length % 7)),
    startLine: 1,
    endLine: 1,
  }));
  return {
    kind: 'answer',
    document: { line: sentence(8 + (length % 7)), paragraph: sentence(40 + (length % 51)), claims },
  };
}
